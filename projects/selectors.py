"""What the pages of projects show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypedDict

from django.db import models
from django.db.models import CharField, Count, Min, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_programme_team, is_staff_member, sees_programme
from core.enums import Nation
from core.labels import labels
from core.links import addresses
from core.paging import KeysetPage, keyset_page
from core.todo import Todo

from .enums import (
    OPEN_STATES,
    UNDER_WAY_STATES,
    ChangeStage,
    ContributionKind,
    DeliveryModel,
    LearningKind,
    ProjectState,
    Rag,
)
from .history import Event, history_of
from .models import (
    Contribution,
    Milestone,
    Objective,
    Phase,
    Project,
    ProjectNation,
    RagChange,
    Topic,
    Update,
)
from .topic_selectors import gaps_to_close, gaps_todo, questions_todo

LIST_ORDER = ["-updated_at", "-id"]
LIST_COLUMNS = [
    "id", "title", "model", "state", "rag", "is_example", "updated_at",
    "host__name", "lead__preferred_name",
]  # fmt: skip
HISTORY_ON_PAGE = 12
HISTORY_WHOLE = 500

STATUS_ORDER = [
    ProjectState.PROPOSED,
    ProjectState.SETTING_UP,
    ProjectState.LIVE,
    ProjectState.COMPLETING,
    ProjectState.CLOSED,
]


class ListedProject(TypedDict):
    """A line of the staff list, in words; a dict, because a template reads nothing faster.

    ``state`` and ``rag`` are the values of their enums; ``host`` may be empty.
    """

    id: int
    title: str
    url: str
    model: str
    state: str
    rag: str
    is_example: bool
    nations: str
    host: str
    lead: str


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


def project_list(projects: models.QuerySet, cursor: str | None) -> KeysetPage:
    """A page of the staff list out of ``projects``, newest change first. Three queries.

    Its rows are ``ListedProject``.
    """
    page = keyset_page(projects, order=LIST_ORDER, cursor=cursor, columns=LIST_COLUMNS)
    where = _nations_in_words([row["id"] for row in page.rows])
    models_in_words, nobody = labels(DeliveryModel), _("Nobody yet")
    url_of = addresses("projects:detail")
    return replace(
        page,
        rows=[
            ListedProject(
                id=row["id"],
                title=row["title"],
                url=url_of(row["id"]),
                model=models_in_words[row["model"]],
                state=row["state"],
                rag=row["rag"],
                is_example=row["is_example"],
                nations=where.get(row["id"], ""),
                host=row["host__name"] or "",
                lead=row["lead__preferred_name"] or nobody,
            )
            for row in page.rows
        ],
    )


def _nations_in_words(projects: list[int]) -> dict[int, str]:
    """Where each of these projects works, in a few words. One query."""
    held: dict[int, set[str]] = {}
    rows = ProjectNation.objects.filter(project__in=projects).values_list("project_id", "nation")
    for project, nation in rows:
        held.setdefault(project, set()).add(nation)
    return {
        project: _words_of_nations(frozenset(nations), get_language())
        for project, nations in held.items()
    }


def nations_in_words(nations: Iterable[str]) -> str:
    """The nations in the portal's order, or that it is all of them."""
    return _words_of_nations(frozenset(nations), get_language())


@cache
def _words_of_nations(nations: frozenset[str], language: str | None) -> str:
    if len(nations) == len(Nation):
        return _("All four nations")
    return ", ".join(label for value, label in labels(Nation).items() if value in nations)


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """The topics, phases and leads that projects can be filtered by, in one query."""
    led = Project.objects.filter(lead=models.OuterRef("pk"))
    named = [
        ("topic", Topic.objects.order_by(), "title"),
        ("phase", Phase.objects.order_by(), "name"),
        ("lead", User.objects.filter(models.Exists(led)).order_by(), "preferred_name"),
    ]
    parts = [
        rows.values_list(
            Value(kind, output_field=CharField()),
            Cast("pk", CharField()),
            Cast(name, CharField()),
        )
        for kind, rows, name in named
    ]
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "phase": [], "lead": []}
    for kind, pk, name in parts[0].union(*parts[1:], all=True):
        found[kind].append((pk, name))
    return {
        kind: sorted(choices, key=lambda choice: choice[1].casefold())
        for kind, choices in found.items()
    }


def export_rows(projects: models.QuerySet) -> Iterator[list[Any]]:
    """The rows of the list as a file, read in pieces so that memory does not grow with them."""
    whole = (
        projects.order_by("-updated_at", "-id")
        .select_related("lead", "host", "phase")
        .prefetch_related("nation_rows", "topics")
    )
    for project in whole.iterator(chunk_size=1_000):
        yield [
            project.title,
            project.get_model_display(),
            ", ".join(project.nation_labels),
            ", ".join(topic.title for topic in project.topics.all()),
            project.get_state_display(),
            project.get_rag_display(),
            str(project.lead or ""),
            str(project.host or ""),
            str(project.phase or ""),
            project.starts_on,
            project.ends_on,
            _("yes") if project.is_public else _("no"),
            timezone.localtime(project.updated_at).date(),
            _("yes") if project.is_example else _("no"),
        ]


def export_header() -> list[str]:
    """The first line of that file."""
    return [
        _("Title"),
        _("Delivery model"),
        _("Nations"),
        _("Topics"),
        _("Status"),
        _("How it is going"),
        _("Lead"),
        _("Host"),
        _("Phase"),
        _("Starts on"),
        _("Ends on"),
        _("Public page"),
        _("Last changed"),
        _("Example data"),
    ]


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


def late_milestones(user: Any, now: datetime) -> models.QuerySet[Milestone]:
    """What is late: in the whole programme for those who run it, else in the person's projects."""
    late = Milestone.objects.late(timezone.localtime(now).date())
    return late if is_programme_team(user) else late.filter(project__lead=user)


def late_milestone_list(user: Any, now: datetime, cursor: str | None) -> KeysetPage:
    """A page of the late milestones, the longest late first."""
    rows = late_milestones(user, now).select_related("project", "project__lead")
    return keyset_page(rows, order=["due_on", "id"], cursor=cursor)


def draft_list(user: Any, cursor: str | None) -> KeysetPage:
    """A page of the drafts that ``user`` wrote."""
    rows = Update.objects.drafts_of(user).select_related("project")
    return keyset_page(rows, order=["-id"], cursor=cursor)


def contribution_list(user: Any, cursor: str | None, kind: str = "") -> KeysetPage:
    """A page of contributions to others' work, of one kind or of all."""
    rows = Contribution.objects.visible_to(user).select_related("partner", "project")
    if kind in ContributionKind.values:
        rows = rows.filter(kind=kind)
    return keyset_page(rows, order=["-id"], cursor=cursor, size=20)


def contribution_export(user: Any, kind: str) -> tuple[list[str], Iterator[list[Any]]]:
    """The header and the rows of those contributions as a file."""
    rows = Contribution.objects.visible_to(user).select_related("partner", "project")
    if kind in ContributionKind.values:
        rows = rows.filter(kind=kind)
    header = [_("Title"), _("Kind"), _("Date"), _("Partner"), _("Project"), _("What we gave")]
    lines = (
        [
            row.title,
            row.get_kind_display(),
            row.happened_on,
            str(row.partner or ""),
            str(row.project or ""),
            row.text,
            row.result,
        ]
        for row in rows.order_by("-id").iterator(chunk_size=1_000)
    )
    return [*header, _("What came of it")], lines


def public_list(projects: models.QuerySet, cursor: str | None) -> KeysetPage:
    """A page of the projects that everybody may read about, by title."""
    rows = projects.select_related("host").prefetch_related("nation_rows", "topics")
    return keyset_page(rows, order=["title", "id"], cursor=cursor, size=20)


def public_updates(project: Project) -> models.QuerySet[Update]:
    """The updates for everybody, newest first."""
    return project.updates.public().order_by("-published_at", "-id")[:50]


def latest_public_updates(how_many: int) -> models.QuerySet[Update]:
    """The newest updates for everybody, of all projects with a page for everybody."""
    return (
        Update.objects.public()
        .filter(project__is_public=True)
        .select_related("project")
        .order_by("-published_at", "-id")[:how_many]
    )


def under_way() -> dict[str, int]:
    """How many projects go on (setting up, live, completing), how many of these are off track, and
    how many projects there are; one query."""
    going_on = models.Q(state__in=UNDER_WAY_STATES)
    return Project.objects.aggregate(
        going_on=models.Count("pk", filter=going_on),
        off_track=models.Count("pk", filter=going_on & models.Q(rag=Rag.RED)),
        all=models.Count("pk"),
    )


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for somebody here. Three queries for staff, one for partners, else none."""
    if not is_staff_member(user):
        return questions_todo(user, now)
    red = Project.objects.filter(rag=Rag.RED, state__in=OPEN_STATES)
    query = "rag=red&" + "&".join(f"state={state.value}" for state in OPEN_STATES)
    if not is_programme_team(user):
        red = red.filter(lead=user)
        query += f"&lead={user.pk}"
    late = late_milestones(user, now).aggregate(count=Count("id"), first=Min("due_on"))
    drafts, gaps = _drafts_and_gaps(user, now)
    return [
        *_late_todo(late["count"], late["first"]),
        *_red_todo(red.count(), f"{reverse('projects:list')}?{query}"),
        *_draft_todo(drafts),
        *gaps_todo(gaps),
        *questions_todo(user, now),
    ]


def _drafts_and_gaps(
    user: Any, now: datetime
) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """The drafts that ``user`` wrote, and the topics of gaps to close; together one query."""
    draft, gap = (Value(kind, output_field=CharField()) for kind in ["draft", "gap"])
    drafts_of = Update.objects.drafts_of(user).order_by()
    rows = drafts_of.values_list(draft, "id", "title", "project_id")
    if is_programme_team(user):
        late = gaps_to_close(now).order_by()
        rows = rows.union(late.values_list(gap, "topic_id", "topic__title", "topic_id"), all=True)
    found = sorted(rows[:100], key=lambda row: -row[1])
    drafts = [
        {"id": pk, "title": title, "project_id": project}
        for kind, pk, title, project in found
        if kind == "draft"
    ]
    return drafts, [(pk, title) for kind, pk, title, _topic in found if kind == "gap"]


def _late_todo(count: int, first: date | None) -> list[Todo]:
    if not count:
        return []
    words = ngettext("late milestone", "late milestones", count)
    url = reverse("projects:late-milestones")
    return [Todo(text=words, url=url, count=count, due=first, is_late=True)]


def _red_todo(count: int, url: str) -> list[Todo]:
    words = ngettext("project is off track", "projects are off track", count)
    return [Todo(text=words, url=url, count=count)] if count else []


def _draft_todo(drafts: list[dict[str, Any]]) -> list[Todo]:
    if not drafts:
        return []
    words = ngettext("draft of an update to finish", "drafts of updates to finish", len(drafts))
    url = reverse("projects:drafts")
    if len(drafts) == 1:
        url = reverse("projects:update", args=[drafts[0]["project_id"], drafts[0]["id"]])
    return [Todo(text=words, url=url, count=len(drafts), detail=drafts[0]["title"])]


def data_about(person: User) -> dict[str, Any]:
    """What this room holds about ``person``, for their own copy."""
    updates = Update.objects.filter(models.Q(written_by=person) | models.Q(published_by=person))
    return {
        "projects_led": list(person.projects_led.order_by("id").values_list("title", flat=True)),
        "updates_written_or_published": list(
            updates.order_by("id").values_list("title", flat=True)
        ),
        "said_how_a_project_is_going": [
            {"project": row.project.title, "reason": row.reason, "at": row.at.isoformat()}
            for row in RagChange.objects.filter(by=person).select_related("project")
        ],
    }
