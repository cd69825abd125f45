"""What the page of one project shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from accounts.rules import sees_programme
from core.enums import Nation

from ..enums import (
    ChangeStage,
    LearningKind,
    ProjectState,
)
from ..history import Event, history_of
from ..models import (
    Contribution,
    Milestone,
    Objective,
    Project,
    ProjectNation,
    Topic,
    Update,
)

HISTORY_ON_PAGE = 12


HISTORY_WHOLE = 500


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
    """One of the statuses in order: ``done``, ``current`` or ``to_come``."""

    label: str
    place: str


@dataclass(frozen=True)
class ProjectPage:
    """Everything of a project's page but the panels of other rooms.

    ``topics`` are pairs of a title and the address of its thread.

    ``internal`` is whether the reader sees the programme; else ``updates`` holds only what
    everybody may read, and learning and history are empty.
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


def project_page(project: Project, user: Any, now: datetime) -> ProjectPage:
    """What ``user`` sees of ``project``. Nine queries at the most."""
    internal = sees_programme(user)
    today = timezone.localtime(now).date()
    milestones = list(project.milestones.all())
    learning = list(project.learning.all()) if internal else []
    labels = _labels(project)
    for milestone in milestones:
        milestone.is_late = is_late(milestone, project, today)  # type: ignore[attr-defined]
    return ProjectPage(
        project=project,
        internal=internal,
        nations=labels["nation"],
        topics=_linked_topics(labels["topic"]),
        objectives=labels["objective"],
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
        late=sum(one.is_late for one in milestones),  # type: ignore[attr-defined]
        done=sum(one.done_on is not None for one in milestones),
        total=len(milestones),
    )


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
    here = STATUS_ORDER.index(ProjectState(project.state))
    places = ["done" if n < here else "current" if n == here else "to_come" for n in range(5)]
    return [
        StatusStep(str(state.label), place)
        for state, place in zip(STATUS_ORDER, places, strict=True)
    ]


def _labels(project: Project) -> dict[str, list[str]]:
    """The names of the project's nations, topics and objectives, in one query."""
    slug_and_title = Concat("slug", Value(" "), "title")
    named: list[tuple[str, models.QuerySet, Any]] = [
        ("nation", ProjectNation.objects.filter(project=project), "nation"),
        ("topic", Topic.objects.filter(projects=project), slug_and_title),
        ("objective", Objective.objects.filter(projects=project), "short_name"),
    ]
    parts = [
        rows.order_by().values_list(Value(kind, output_field=CharField()), Cast(name, CharField()))
        for kind, rows, name in named
    ]
    found: dict[str, list[str]] = {"nation": [], "topic": [], "objective": []}
    for kind, name in sorted(parts[0].union(*parts[1:], all=True)):
        found[kind].append(name)
    found["nation"] = [str(n.label) for n in Nation if n.value in found["nation"]]
    return found


def _linked_topics(topics: list[str]) -> list[tuple[str, str]]:
    """Title and address of the thread of each of ``topics`` ("slug title"), by title."""
    pairs = [topic.split(" ", 1) for topic in topics]
    return sorted((title, reverse("projects:topic-thread", args=[slug])) for slug, title in pairs)


def public_updates(project: Project) -> models.QuerySet[Update]:
    """The updates for everybody, newest first."""
    return project.updates.public().order_by("-published_at", "-id")[:50]
