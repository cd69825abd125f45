"""When somebody is reminded of a project's dates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from notifications.registry import ReminderRule

from .models import Milestone
from .notifications import MILESTONE_LATE
from .selectors import is_late


def due(now: datetime) -> QuerySet[Milestone]:
    """The late milestones of projects that have a lead."""
    late = Milestone.objects.late(timezone.localtime(now).date())
    return late.filter(project__lead__isnull=False).select_related("project__lead")


def skip_reason(milestone: Milestone, now: datetime) -> str | None:
    """Why there is nothing to remind of any more: it was reached, moved, or the project ended."""
    today = timezone.localtime(now).date()
    return None if is_late(milestone, milestone.project, today) else "not_late"


def recipients(milestones: Sequence[Milestone]) -> list[tuple[Milestone, Any]]:
    """The lead of each one's project."""
    return [(one, one.project.lead) for one in milestones if one.project.lead]


def period(milestone: Milestone) -> str:
    """Once for each date that the milestone is given."""
    return milestone.due_on.isoformat() if milestone.due_on else ""


def context(milestone: Milestone, person: Any) -> dict[str, Any]:
    """The words of the message."""
    return {"project": milestone.project, "path": milestone.project.get_absolute_url()}


MILESTONE_LATE_RULE = ReminderRule(
    kind=MILESTONE_LATE,
    due=due,
    recipients=recipients,
    skip_reason=skip_reason,
    period=period,
    context=context,
)
