"""What the calendar of a person shows of projects and topics. Two queries."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rules import scope_ids
from core.occasions import Occasion

from .enums import OPEN_STATES, GapState
from .models import EvidenceGap, Milestone, Project
from .querysets import PROJECT_ROLES


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """Milestones still to reach of the projects that ``user`` leads or has a role in, and the days
    by which replies about evidence gaps are wanted."""
    yield from _milestones(user, first, last)
    yield from _gaps(user, first, last)


def _milestones(user: Any, first: date, last: date) -> Iterator[Occasion]:
    own = scope_ids(user, PROJECT_ROLES, Project)
    mine = Project.objects.visible_to(user).filter(Q(lead=user) | Q(id__in=own))
    found = Milestone.objects.filter(
        project__in=mine.filter(state__in=OPEN_STATES),
        done_on__isnull=True,
        due_on__gte=first,
        due_on__lte=last,
    )
    for milestone in found.select_related("project").order_by("due_on", "id"):
        yield Occasion(
            key=f"projects.milestone:{milestone.pk}",
            kind="milestone",
            kind_label=_("Milestone"),
            title=milestone.title,
            url=milestone.project.get_absolute_url(),
            starts=milestone.due_on,
            changed_at=milestone.updated_at,
            detail=milestone.project.title,
        )


def _gaps(user: Any, first: date, last: date) -> Iterator[Occasion]:
    if not user.has_perm("projects.view_topics"):
        return
    found = EvidenceGap.objects.filter(
        state=GapState.OPEN, wanted_by__gte=first, wanted_by__lte=last
    )
    for gap in found.select_related("topic").order_by("wanted_by", "id"):
        yield Occasion(
            key=f"projects.gap:{gap.pk}",
            kind="gap",
            kind_label=_("Replies wanted"),
            title=_("Replies about missing evidence: %(topic)s") % {"topic": gap.topic.title},
            url=gap.topic.get_absolute_url(),
            starts=gap.wanted_by,
            changed_at=gap.updated_at,
        )
