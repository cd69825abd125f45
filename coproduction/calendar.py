"""Until when suggestions for the charter are open, in a person's calendar."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .models import Proposal


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """The open suggestions for charters that ``user`` may know of. One query."""
    proposals = Proposal.objects.visible_to(user).open().filter(closes_on__range=(first, last))
    return [
        CalendarEntry(
            kind=CalendarKind.PROPOSAL,
            key=f"proposal-{one.pk}",
            title=_("Last day to say what you think: %(title)s") % {"title": one.title},
            whose=str(one.charter.group),
            start=one.closes_on,
            url=one.get_absolute_url(),
            changed_at=one.updated_at,
        )
        for one in proposals.with_words().order_by("closes_on", "id")[:MOST]
    ]
