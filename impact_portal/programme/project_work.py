"""Example risks, slips, theory of change and tags of the example projects."""

from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.versions import details_of
from projects.enums import ProjectState, TheoryKind
from projects.models import Milestone, Project, Risk, TheoryLink, TheoryPart
from projects.tags import set_tags
from projects.transitions import close_risk
from projects.work_services import change_milestone

from .frame import Programme

MILESTONE_FIELDS = ["title", "stage", "due_on", "done_on"]


def example_work(
    programme: Programme, project: Project, data: dict[str, Any], by: User, chance: Random
) -> None:
    """What a project of this state would have: a proposed one has only tags and a theory."""
    set_tags(project=project, names=chance.sample(data["tags"], 2))
    _theory(project, data["theory"])
    if project.state == ProjectState.PROPOSED:
        return
    _risks(programme, project, data["risks"], by, chance)
    _slips(programme, project, data["slips"], by, chance)


def _theory(project: Project, rows: list[dict[str, Any]]) -> None:
    """The parts first, by key; then the arrows between them."""
    made: dict[str, TheoryPart] = {}
    for place, row in enumerate(rows):
        kind = TheoryKind(row["kind"])
        made[row["key"]] = TheoryPart.objects.create(
            project=project, kind=kind, text=row["text"], place=place, is_example=True
        )
    TheoryLink.objects.bulk_create(
        TheoryLink(source=made[row["key"]], target=made[target], is_example=True)
        for row in rows
        for target in row.get("leads_to", [])
    )


def _risks(
    programme: Programme, project: Project, rows: list[dict[str, Any]], by: User, chance: Random
) -> None:
    """Some of the risks; the last of them closed where the project has come far."""
    today = timezone.localdate(programme.now)
    made = []
    for row in chance.sample(rows, 3):
        looked = today - timedelta(days=chance.randint(10, 60))
        made.append(
            Risk.objects.create(
                project=project,
                owner=project.lead,
                reviewed_on=looked,
                review_on=looked + timedelta(days=45),
                is_example=True,
                **row,
            )
        )
    if project.state in (ProjectState.COMPLETING, ProjectState.CLOSED):
        at = programme.now - timedelta(days=5)
        close_risk(obj=made[-1], by=by, now=at, reason="It did not happen.")


def _slips(
    programme: Programme, project: Project, reasons: list[str], by: User, chance: Random
) -> None:
    """Two milestones whose day was once earlier; they end on the day that they have now."""
    dated = list(project.milestones.filter(due_on__isnull=False))
    for milestone, reason in zip(chance.sample(dated, 2), chance.sample(reasons, 2), strict=True):
        now = milestone.due_on
        first = now - timedelta(days=chance.choice([14, 21, 35]))
        Milestone.objects.filter(pk=milestone.pk).update(due_on=first)
        milestone.refresh_from_db()
        values = details_of(milestone, MILESTONE_FIELDS) | {"due_on": now, "slip_reason": reason}
        at = programme.now - timedelta(days=chance.randint(8, 30))
        change_milestone(obj=milestone, values=values, seen=None, by=by, now=at)
