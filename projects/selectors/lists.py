"""Lists of projects and of their parts, and what of them is exported."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypedDict

from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_programme_team
from core.enums import Nation
from core.labels import labels
from core.links import addresses
from core.paging import KeysetPage, keyset_page

from ..enums import (
    ContributionKind,
    DeliveryModel,
)
from ..models import (
    Contribution,
    Milestone,
    Phase,
    Project,
    ProjectNation,
    Topic,
    Update,
)

LIST_ORDER = ["-updated_at", "-id"]


LIST_COLUMNS = [
    "id", "title", "model", "state", "rag", "is_example", "updated_at",
    "host__name", "lead__preferred_name",
]  # fmt: skip  # fmt: skip


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
