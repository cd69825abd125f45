"""What the page of one project shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import Role
from accounts.rules import sees_programme
from core.enums import FileState, Nation

from ..enums import (
    ChangeStage,
    LearningKind,
    ProjectState,
    RiskState,
    TheoryKind,
)
from ..history import Event, history_of
from ..kinds import kind_of
from ..models import (
    Contribution,
    Milestone,
    Objective,
    Project,
    ProjectNation,
    Risk,
    Tag,
    Topic,
    Update,
)
from ..work_services import is_put_off

HISTORY_ON_PAGE = 12


HISTORY_WHOLE = 500
RISKS_ON_PAGE = 3


STATUS_ORDER = [
    ProjectState.PROPOSED,
    ProjectState.SETTING_UP,
    ProjectState.LIVE,
    ProjectState.COMPLETING,
    ProjectState.CLOSED,
]


@dataclass(frozen=True)
class StageOfChange:
    """A stage of the Change Model with the milestones of one project in it."""

    label: str
    milestones: list[Milestone]


@dataclass(frozen=True)
class StatusStep:
    """One of the statuses in order: ``done``, ``current`` or ``to_come``.

    ``words`` say what happens in it in a project of this model.
    """

    label: str
    place: str
    words: str


@dataclass(frozen=True)
class PersonOnProject:
    """Somebody with a role in a project, from one day to another, both included."""

    name: str
    role: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class ProjectPage:
    """Everything of a project's page but the panels of other rooms.

    ``topics`` are pairs of a title and the address of its thread, ``files`` of a title and the
    address of the file.

    ``internal`` is whether the reader sees the programme; else ``updates`` holds only what
    everybody may read, and learning, risks, people and history are empty.
    """

    project: Project
    internal: bool
    nations: list[str]
    topics: list[tuple[str, str]]
    objectives: list[str]
    status_steps: list[StatusStep]
    stages: list[StageOfChange]
    updates: list[Update]
    helped: list[Any]
    hindered: list[Any]
    outcomes: list[Any]
    contributions: list[Contribution]
    history: list[Event]
    late: int
    done: int
    total: int
    risks: list[Risk]
    moved: int
    tags: list[str]
    people: list[PersonOnProject]
    files: list[tuple[str, str]]
    goals: list[str]


def project_page(project: Project, user: Any, now: datetime) -> ProjectPage:
    """What ``user`` sees of ``project``. Eleven queries at the most."""
    internal = sees_programme(user)
    today = timezone.localtime(now).date()
    milestones = list(project.milestones.with_first_day())
    learning = list(project.learning.all()) if internal else []
    small = _small_rows(project)
    nations = {row["name"] for row in small["nation"]}
    for milestone in milestones:
        milestone.is_late = is_late(milestone, project, today)
    return ProjectPage(
        project=project,
        internal=internal,
        nations=[str(nation.label) for nation in Nation if nation.value in nations],
        topics=[
            (row["name"], reverse("projects:topic-thread", args=[row["slug"]]))
            for row in small["topic"]
        ],
        objectives=[row["name"] for row in small["objective"]],
        tags=[row["name"] for row in small["tag"]],
        people=_people(small["person"], today) if internal else [],
        files=[
            (row["name"], reverse("projects:file", args=[project.pk, row["pk"]]))
            for row in small["file"]
        ],
        goals=[row["name"] for row in small["goal"]],
        status_steps=status_steps(project),
        stages=[
            StageOfChange(str(stage.label), [one for one in milestones if one.stage == stage])
            for stage in ChangeStage
        ],
        updates=list(project.updates.visible_to(user).select_related("published_by")),
        helped=[one for one in learning if one.kind == LearningKind.HELPED],
        hindered=[one for one in learning if one.kind == LearningKind.HINDERED],
        outcomes=list(project.outcomes.all()),
        contributions=list(project.contributions.select_related("partner")),
        history=history_of(project, HISTORY_ON_PAGE) if internal else [],
        late=sum(one.is_late for one in milestones),
        done=sum(one.done_on is not None for one in milestones),
        total=len(milestones),
        risks=gravest_risks(project, RISKS_ON_PAGE, today) if internal else [],
        moved=sum(is_put_off(one.first_day, one.due_on) for one in milestones),
    )


def gravest_risks(project: Project, how_many: int, today: date) -> list[Risk]:
    """The open risks of ``project``, the gravest first. One query."""
    risks = project.risks.filter(state=RiskState.OPEN).select_related("owner")
    found = list(risks.order_by("-level", "-id")[:how_many])
    for risk in found:
        risk.overdue = risk.is_overdue(today)  # type: ignore[attr-defined]
    return found


def is_late(milestone: Milestone, project: Project, today: date) -> bool:
    """Whether a milestone should have been reached before ``today`` and was not."""
    return (
        milestone.done_on is None
        and milestone.due_on is not None
        and milestone.due_on < today
        and project.is_open
    )


def status_steps(project: Project) -> list[StatusStep]:
    """The way from proposed to closed with the place where ``project`` stands; none if stopped."""
    if project.state == ProjectState.STOPPED:
        return []
    kind = kind_of(project.model)
    here = STATUS_ORDER.index(ProjectState(project.state))
    places = ["done" if n < here else "current" if n == here else "to_come" for n in range(5)]
    return [
        StatusStep(str(state.label), place, kind.words_of(state))
        for state, place in zip(STATUS_ORDER, places, strict=True)
    ]


def _small_rows(project: Project) -> dict[str, list[dict[str, Any]]]:
    """The few words that the page needs of rows of seven kinds, by kind, in one query."""
    roles = Role.objects.filter(
        scope_type=ContentType.objects.get_for_model(Project), scope_id=project.pk
    )
    usable = [FileState.CLEAN, FileState.UNSCANNED]
    person = {"name": "person__preferred_name", "kind": "kind", "starts": "starts_on"}
    kinds: dict[str, tuple[models.QuerySet, dict[str, str]]] = {
        "nation": (ProjectNation.objects.filter(project=project), {"name": "nation"}),
        "topic": (Topic.objects.filter(projects=project), {"name": "title", "slug": "slug"}),
        "objective": (Objective.objects.filter(projects=project), {"name": "short_name"}),
        "tag": (Tag.objects.filter(projects=project), {"name": "name"}),
        "person": (roles, {**person, "ends": "ends_on"}),
        "file": (project.files.filter(state__in=usable), {"name": "title", "pk": "pk"}),
        "goal": (project.theory.filter(kind=TheoryKind.GOAL), {"name": "text", "place": "place"}),
    }
    parts = [
        rows.order_by().values_list(Value(kind, output_field=CharField()), JSONObject(**names))
        for kind, (rows, names) in kinds.items()
    ]
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for kind, words in parts[0].union(*parts[1:], all=True):
        found[kind].append(words)
    for rows in found.values():
        rows.sort(key=lambda words: (words.get("place", 0), words["name"].casefold()))
    return found


def _people(rows: list[dict[str, Any]], today: date) -> list[PersonOnProject]:
    """Those who have a role now or will have one; who had one is on the page of people."""
    people = [
        PersonOnProject(
            name=row["name"],
            role=str(RoleKind(row["kind"]).label),
            starts_on=date.fromisoformat(row["starts"]),
            ends_on=date.fromisoformat(row["ends"]) if row["ends"] else None,
        )
        for row in rows
    ]
    return [one for one in people if one.ends_on is None or one.ends_on >= today]


def public_updates(project: Project) -> models.QuerySet[Update]:
    """The updates for everybody, newest first."""
    updates = project.updates.public().prefetch_related("images")
    return updates.order_by("-published_at", "-id")[:50]
