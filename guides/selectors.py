"""Reads: what the pages of guides, library and priorities show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import is_staff_member
from core.todo import Todo
from partners.models import Organisation

from .models import Guide, GuideVersion, Resource, SignOff, UseFeedback, WorkforcePriority


def published_version(guide: Guide) -> GuideVersion | None:
    """The words of ``guide`` that are out, with their considerations."""
    return (
        guide.versions.filter(published_at__isnull=False)
        .order_by("-number")
        .prefetch_related("considerations")
        .first()
    )


def resources() -> QuerySet[Resource]:
    """The library, without what was withdrawn from it."""
    return Resource.objects.exclude(status="withdrawn").select_related("owner", "topic", "priority")


def feedback_of(guide: Guide) -> QuerySet[UseFeedback]:
    """What people said of ``guide``."""
    return UseFeedback.objects.filter(guide=guide)


@dataclass(frozen=True)
class PriorityRow:
    """A priority with what each body has agreed, in the order of the bodies."""

    priority: WorkforcePriority
    sign_offs: list[SignOff | None]
    resources: int


@dataclass(frozen=True)
class PriorityGrid:
    """The sign-off grid."""

    bodies: list[Organisation]
    rows: list[PriorityRow]


def priority_grid() -> PriorityGrid:
    """Which body has agreed the deliverables of which priority, in three queries."""
    cells = {
        (sign_off.priority_id, sign_off.body_id): sign_off
        for sign_off in SignOff.objects.select_related("body").order_by("id")
    }
    bodies = list({sign_off.body_id: sign_off.body for sign_off in cells.values()}.values())
    counted = WorkforcePriority.objects.annotate(resource_count=Count("resources"))
    return PriorityGrid(
        bodies,
        [
            PriorityRow(
                priority,
                [cells.get((priority.pk, body.pk)) for body in bodies],
                priority.resource_count,
            )
            for priority in counted.order_by("number")
        ],
    )


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """Guides whose day to be looked at again has come, for staff."""
    if not is_staff_member(user):
        return []
    return [
        Todo(
            text=_("Look at the guide “%(guide)s” again") % {"guide": guide.title},
            url=reverse("guides:feedback", args=[guide.slug]),
            due=guide.review_on,
            is_late=guide.review_on < timezone.localdate(now),
        )
        for guide in Guide.objects.due_for_review(timezone.localdate(now))
    ]


def data_about(person: Any) -> dict[str, Any]:
    """Nothing: feedback on guides does not say who gave it."""
    return {"feedback": _("Feedback on guides is kept without a name.")}
