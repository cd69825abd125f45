"""When to get in touch with an organisation again, in a person's calendar."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .models import OutreachContact


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """What ``user`` noted to follow up, while they may see the outreach log. One query."""
    entries = (
        OutreachContact.objects.visible_to(user)
        .to_follow_up()
        .filter(by_id=user.pk, follow_up_on__range=(first, last))
        .select_related("organisation")
        .order_by("follow_up_on", "id")
    )
    return [
        CalendarEntry(
            kind=CalendarKind.OUTREACH,
            key=f"outreach-{one.pk}",
            title=_("Get in touch with %(organisation)s again")
            % {"organisation": one.organisation.name},
            start=one.follow_up_on,
            url=one.organisation.get_absolute_url(),
            changed_at=one.updated_at,
        )
        for one in entries[:MOST]
        if one.follow_up_on
    ]
