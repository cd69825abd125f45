"""Until when one can apply for coaches' posts, in a person's calendar."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .models import CoachPost, Demonstrator


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """The vacancies at the Demonstrators that ``user`` may see. One query."""
    posts = (
        CoachPost.objects.vacancies(timezone.localdate())
        .filter(
            demonstrator__in=Demonstrator.objects.visible_to(user), closes_on__range=(first, last)
        )
        .select_related("demonstrator__project")
        .order_by("closes_on", "id")
    )
    return [
        CalendarEntry(
            kind=CalendarKind.POST,
            key=f"post-{post.pk}",
            title=_("Last day to apply: %(post)s") % {"post": post.title},
            whose=post.demonstrator.project.title,
            start=post.closes_on,
            url=post.demonstrator.get_absolute_url(),
            changed_at=post.updated_at,
        )
        for post in posts[:MOST]
        if post.closes_on
    ]
