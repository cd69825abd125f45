"""What the calendar of a person shows of organisations. One query, for staff."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.occasions import Occasion

from .models import OutreachContact


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """The days on which ``user`` means to get in touch with an organisation again."""
    found = OutreachContact.objects.visible_to(user).filter(
        by=user, followed_up_at__isnull=True, follow_up_on__gte=first, follow_up_on__lte=last
    )
    for contact in found.select_related("organisation").order_by("follow_up_on", "id"):
        yield Occasion(
            key=f"partners.outreach:{contact.pk}",
            kind="follow_up",
            kind_label=_("Organisation"),
            title=_("Get in touch again: %(name)s") % {"name": contact.organisation.name},
            url=contact.organisation.get_absolute_url(),
            starts=contact.follow_up_on,
            changed_at=contact.updated_at,
        )
