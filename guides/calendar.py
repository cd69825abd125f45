"""When guides are to be looked at again, in the calendar of staff."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import is_staff_member
from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .enums import GuideState
from .models import Guide


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """Published guides whose day to be looked at again falls between. One query, for staff."""
    if not is_staff_member(user):
        return []
    guides = Guide.objects.filter(state=GuideState.PUBLISHED, review_on__range=(first, last))
    return [
        CalendarEntry(
            kind=CalendarKind.GUIDE,
            key=f"guide-{guide.pk}",
            title=_("Look at the guide “%(guide)s” again") % {"guide": guide.title},
            start=guide.review_on,
            url=reverse("guides:feedback", args=[guide.slug]),
            changed_at=guide.updated_at,
        )
        for guide in guides.order_by("review_on", "id")[:MOST]
        if guide.review_on
    ]
