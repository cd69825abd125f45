"""Lists of projects and of their parts, and what of them is exported."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from core.exports import pieces
from core.labels import labels
from core.links import addresses
from core.paging import KeysetPage, keyset_page

from ..columns import COLUMNS, USUAL, fields_of, model_words
from ..enums import ContributionKind, ProjectState
from ..marks import going_words
from ..models import (
    Contribution,
    Milestone,
    Phase,
    Project,
    ProjectNation,
    Tag,
    Topic,
    Update,
)

EXPORTED_AT_ONCE = 1_000
# By which the staff list can be ordered; each is an index of the table.
LIST_ORDERS = {
    "changed": ["-updated_at", "-id"],
    "title": ["title", "id"],
    "newest": ["-id"],
}


class ListedProject(TypedDict):
    """A line of the staff list, in words; a dict, because a template reads nothing faster.

    ``cells`` are the columns that were chosen, in their order.
    """

    id: int
    title: str
    url: str
    model: str
    is_example: bool
    cells: list[str]


def project_list(
    projects: models.QuerySet,
    cursor: str | None,
    columns: Sequence[str] = USUAL,
    order: str = "changed",
) -> KeysetPage:
    """A page of the staff list out of ``projects``, with these ``columns``. Three queries, and one
    more each for topics and tags.

    Its rows are ``ListedProject``.
    """
    page = keyset_page(
        projects, order=LIST_ORDERS[order], cursor=cursor, columns=fields_of(columns)
    )
    _read_many(page.rows, columns)
    words, url_of = model_words(), addresses("projects:detail")
    cells = [COLUMNS[name].cell for name in columns]
    return replace(
        page,
        rows=[
            ListedProject(
                id=row["id"],
                title=row["title"],
                url=url_of(row["id"]),
                model=words[row["model"]],
                is_example=row["is_example"],
                cells=[cell(row) for cell in cells],
            )
            for row in page.rows
        ],
    )


def _read_many(rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    """Put into each row what its project has several of, where a column shows it."""
    ids = [row["id"] for row in rows]
    for many in {COLUMNS[name].many for name in columns} - {""}:
        held = MANY[many](ids)
        for row in rows:
            row[many] = held.get(row["id"], "")


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


def _names_of(through: type[models.Model], name: str) -> Callable[[list[int]], dict[int, str]]:
    def read(projects: list[int]) -> dict[int, str]:
        """The names that hang on each of these projects. One query."""
        held: dict[int, list[str]] = {}
        rows = through._default_manager.filter(project__in=projects).order_by(name)
        for project, word in rows.values_list("project_id", name):
            held.setdefault(project, []).append(word)
        return {project: ", ".join(words) for project, words in held.items()}

    return read


MANY: dict[str, Callable[[list[int]], dict[int, str]]] = {
    "nations": _nations_in_words,
    "topics": _names_of(Project.topics.through, "topic__title"),
    "tags": _names_of(Project.tags.through, "tag__name"),
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
    """The topics, phases, leads and tags that projects can be filtered by, in one query."""
    led = Project.objects.filter(lead=models.OuterRef("pk"))
    tagged = Project.tags.through.objects.filter(tag=models.OuterRef("pk"))
    named = [
        ("topic", Topic.objects.order_by(), "title"),
        ("phase", Phase.objects.order_by(), "name"),
        ("lead", User.objects.filter(models.Exists(led)).order_by(), "preferred_name"),
        ("tag", Tag.objects.filter(models.Exists(tagged)).order_by(), "name"),
    ]
    parts = [
        rows.values_list(
            Value(kind, output_field=CharField()),
            Cast("pk", CharField()),
            Cast(name, CharField()),
        )
        for kind, rows, name in named
    ]
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind, _rows, _name in named}
    for kind, pk, name in parts[0].union(*parts[1:], all=True):
        found[kind].append((pk, name))
    return {
        kind: sorted(choices, key=lambda choice: choice[1].casefold())
        for kind, choices in found.items()
    }


# What of a row is a date or a word of its own in a file, in place of what the page shows.
PLAIN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "state": lambda row: labels(ProjectState)[row["state"]],
    "rag": lambda row: going_words(row["rag"], row["state"]),
    "lead": lambda row: row["lead__preferred_name"] or "",
    "starts_on": lambda row: row["starts_on"],
    "ends_on": lambda row: row["ends_on"],
    "changed": lambda row: timezone.localtime(row["updated_at"]).date(),
}


def export_rows(
    projects: models.QuerySet, columns: Sequence[str], order: str = "changed"
) -> Iterator[list[Any]]:
    """The rows of the list as a file, read in pieces so that memory does not grow with them."""
    words = model_words()
    cells = [PLAIN.get(name, COLUMNS[name].cell) for name in columns]
    rows = projects.order_by(*LIST_ORDERS[order]).values(*fields_of(columns))
    for piece in pieces(rows.iterator(chunk_size=EXPORTED_AT_ONCE), EXPORTED_AT_ONCE):
        _read_many(piece, columns)
        for row in piece:
            example = _("yes") if row["is_example"] else _("no")
            yield [row["title"], words[row["model"]], *(cell(row) for cell in cells), example]


def export(
    projects: models.QuerySet, columns: Sequence[str], order: str
) -> tuple[list[str], Iterator[list[Any]]]:
    """The list as a file: its first line, and its rows."""
    return export_header(columns), export_rows(projects, columns, order)


def export_header(columns: Sequence[str]) -> list[str]:
    """The first line of that file."""
    chosen = [str(COLUMNS[name].label) for name in columns]
    return [_("Title"), _("Delivery model"), *chosen, _("Example data")]


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
