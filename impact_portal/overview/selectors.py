"""What the overview shows, and the rows behind a figure of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, IntegerField, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.paging import KeysetPage, keyset_page
from projects.enums import UNDER_WAY_STATES
from projects.filters import NONE
from projects.listing import list_address
from projects.models import Learning, Outcome
from projects.years import FIRST_YEAR, NO_YEAR
from surveys.suppression import hidden_in_list

from .counts import Counted, ProjectCounts, project_counts
from .figures import LATE, LEARNED, PEOPLE, YEARLY, Kind, in_words, kinds
from .hiding import Asked, is_hidden, siblings
from .scope import Scope, parts_of, projects_of

RECENT = 5


@dataclass(frozen=True)
class Figure:
    """A number and the page of what it counts.

    ``value`` is ``None`` where it is hidden, for it is of too few people, or where the portal does
    not hold it; ``words`` say which.
    """

    value: int | None
    words: str
    url: str

    @property
    def in_file(self) -> int | str:
        """The number as a file has it: one that Excel can add up, or the words in its place."""
        return self.words if self.value is None else self.value


@dataclass(frozen=True)
class Line:
    """A line of a table: its name, a figure for each column, and where they come from."""

    label: str
    figures: list[Figure]
    source: str = ""


@dataclass(frozen=True)
class Table:
    """Figures side by side. ``columns`` are the names over them."""

    key: str
    title: str
    columns: list[str]
    lines: list[Line]
    has_sources: bool = False

    @property
    def header(self) -> list[str]:
        """The first line of the table as a file."""
        return [
            self.title,
            *self.columns,
            *([_("Where it comes from")] if self.has_sources else []),
        ]

    @property
    def rows(self) -> list[list[Any]]:
        """The lines of that file; a hidden figure as its words."""
        return [
            [
                line.label,
                *(
                    figure.words if figure.value is None else figure.value
                    for figure in line.figures
                ),
                *([line.source] if self.has_sources else []),
            ]
            for line in self.lines
        ]


@dataclass(frozen=True)
class Recent:
    """Something that was learned lately."""

    text: str
    project: str
    url: str
    kind: str
    is_example: bool


@dataclass(frozen=True)
class Overview:
    """All that the page shows. ``undated``: projects without a first day, which no year holds."""

    scope: Scope
    total: Figure
    under_way: Figure
    undated: Figure | None
    tables: dict[str, Table]
    recent: list[Recent]
    years: tuple[int, int]


@dataclass(frozen=True)
class RowLine:
    """A row behind a figure, in words; ``number`` is empty unless people are counted."""

    cells: list[str]
    url: str
    number: str
    is_example: bool


@dataclass(frozen=True)
class RowsPage:
    """The rows behind one figure of people or things. ``total`` is the figure itself."""

    kind: Kind
    total: Figure
    lines: list[RowLine]
    page: KeysetPage


def overview(scope: Scope, now: datetime) -> Overview:
    """The programme as it stands at ``now``. Eight queries, whatever the programme holds."""
    this_year = max(scope.year or timezone.localdate(now).year, FIRST_YEAR)
    years = (this_year, this_year - 1)
    asked = [(key, scope) for key in [*LATE, *LEARNED, *PEOPLE]]
    asked += [(key, scope.in_year(year)) for key in YEARLY for year in years]
    counts, figures = project_counts(scope), figures_of(asked, now)
    no_topic, undated = _plain_amounts(scope)
    tables = [
        *_project_tables(scope, counts, no_topic),
        _going_table(scope, counts),
        _one_column("late", _("What is late"), LATE, scope, figures),
        _one_column("learned", _("What was learned"), LEARNED, scope, figures),
        _one_column("people", _("People"), PEOPLE, scope, figures),
        _years_table(scope, years, figures),
    ]
    return Overview(
        scope=scope,
        total=_plain(counts.total, projects_url(scope)),
        under_way=_plain(counts.under_way, _under_way_url(scope)),
        undated=_undated(scope, undated),
        tables={table.key: table for table in tables},
        recent=_recent(scope),
        years=years,
    )


def table_of(key: str, scope: Scope, now: datetime) -> Table:
    """One table of the overview. Errors: ``KeyError`` on an unknown one."""
    return overview(scope, now).tables[key]


def figures_of(asked: Iterable[Asked], now: datetime) -> dict[Asked, Figure]:
    """The figures that were ``asked`` for: two queries at most, one where no people are counted."""
    asked = list(dict.fromkeys(asked))
    amounts = _amounts(asked, now)
    last_year = timezone.localdate(now).year
    people = [one for one in asked if kinds.get(one[0]).of_people and amounts[one]]
    beside = set().union(*(siblings(one, last_year) for one in people)) - amounts.keys()
    # The part of a whole that the portal does not hold adds nothing to it.
    amounts |= _amounts(sorted(beside, key=str), now)

    def amount_of(one: Asked) -> int:
        return amounts[one] or 0

    hidden = {one for one in people if is_hidden(one, amount_of, last_year)}
    return {one: _figure(one, amounts[one], one in hidden) for one in asked}


def rows_url(key: str, scope: Scope) -> str:
    """The page of the rows behind a figure."""
    return reverse("overview:rows", args=[key]) + scope.query()


def projects_url(scope: Scope, **more: Any) -> str:
    """The staff list of projects, filtered, whatever view the reader lets it open with."""
    return list_address(scope.query(**more).removeprefix("?"))


def _under_way_url(scope: Scope) -> str:
    return projects_url(scope) + "".join(f"&state={state.value}" for state in UNDER_WAY_STATES)


def few_words() -> str:
    """What stands in place of a count of few people."""
    return _("fewer than %(number)s, or hidden beside such a number") % {
        "number": settings.SMALL_CELL_THRESHOLD
    }


def _figure(asked: Asked, amount: int | None, hidden: bool) -> Figure:
    if amount is None:
        return Figure(None, _("not held for this choice"), "")
    if hidden:
        return Figure(None, few_words(), rows_url(*asked))
    return _plain(amount, rows_url(*asked))


def _plain(amount: int, url: str) -> Figure:
    return Figure(amount, f"{amount:,}", url)


def _amounts(asked: Sequence[Asked], now: datetime) -> dict[Asked, int | None]:
    """Each figure that was ``asked`` for, in one query.

    ``None``: the portal does not hold the figure for that scope.
    """
    found: dict[Asked, int | None] = {}
    queries = []
    for place, (key, scope) in enumerate(asked):
        kind = kinds.get(key)
        rows = kind.rows(scope, now)
        found[key, scope] = None if rows is None else 0
        if rows is not None:
            queries.append(_amount_query(rows, kind.amount(), place))
    if queries:
        for place, amount in queries[0].union(*queries[1:], all=True):
            found[asked[place]] = amount or 0
    return found


def _amount_query(rows: QuerySet, amount: Any, place: int) -> QuerySet:
    """One row of a number and what is added up over ``rows``, ready to be united with others."""
    named = rows.order_by().select_related(None)
    named = named.annotate(asked_place=Value(place, output_field=IntegerField()))
    return named.values("asked_place").annotate(amount=amount).values_list("asked_place", "amount")


def _plain_amounts(scope: Scope) -> tuple[int, int]:
    """How many projects have no topic, and how many no first day. One query."""
    without_topic = projects_of(scope).filter(topics__isnull=True)
    without_day = projects_of(scope.in_year(None)).filter(starts_on__isnull=True)
    queries = [
        _amount_query(rows, Count("pk"), place)
        for place, rows in enumerate([without_topic, without_day])
    ]
    found = dict(queries[0].union(queries[1], all=True))
    return found.get(0, 0), found.get(1, 0)


# Tables ------------------------------------------------------------------------------------------


def _project_tables(scope: Scope, counts: ProjectCounts, no_topic: int) -> list[Table]:
    def table(key: str, title: str, name: str, lines: Iterable[Counted]) -> Table:
        return Table(
            key,
            title,
            [_("Projects")],
            [
                Line(line.label, [_plain(line.count, projects_url(scope, **{name: line.value}))])
                for line in lines
            ],
        )

    # Beside the chosen one, the others are no part of what is looked at.
    models = [one for one in counts.by_model if scope.model in {"", one.value}]
    nations = [one for one in counts.by_nation if scope.nation in {"", one.value}]
    topics = [*counts.by_topic, Counted(NONE, _("No topic"), no_topic)]
    return [
        table("model", _("Delivery model"), "model", models),
        table("nation", _("Nation"), "nation", nations),
        table("status", _("Status"), "state", counts.by_state),
        table("topic", _("Topic"), "topic", topics),
        table("phase", _("Phase"), "phase", counts.by_phase),
    ]


def _going_table(scope: Scope, counts: ProjectCounts) -> Table:
    """How projects under way are said to be going. Of those of which nobody said it yet there is
    no list."""
    url = _under_way_url(scope)
    lines = [
        Line(one.label, [_plain(one.count, f"{url}&rag={one.value}")])
        for one in counts.by_rag
        if one.value
    ]
    return Table("going", _("How projects are going"), [_("Projects")], lines)


def _one_column(
    key: str, title: str, names: Iterable[str], scope: Scope, figures: Mapping[Asked, Figure]
) -> Table:
    lines = [
        Line(str(kinds.get(name).name), [figures[name, scope]], str(kinds.get(name).source))
        for name in names
    ]
    return Table(key, title, [_("How many")], lines, has_sources=True)


def _years_table(scope: Scope, years: tuple[int, int], figures: Mapping[Asked, Figure]) -> Table:
    lines = [
        Line(
            str(kinds.get(name).name),
            [figures[name, scope.in_year(year)] for year in years],
            str(kinds.get(name).source),
        )
        for name in YEARLY
    ]
    return Table("years", _("Year by year"), [str(year) for year in years], lines, has_sources=True)


def _undated(scope: Scope, amount: int) -> Figure | None:
    """The projects that a chosen year cannot hold, for they have no first day."""
    if scope.year is None or not amount:
        return None
    return _plain(amount, projects_url(scope, year=NO_YEAR))


def _recent(scope: Scope) -> list[Recent]:
    """The newest of what was learned and of what changed. Two queries."""
    learning = scope.within(parts_of(scope, Learning.objects.all()), "created_at")
    outcomes = scope.within(parts_of(scope, Outcome.objects.all()), "seen_on")
    found = []
    for rows, anchor in [(learning, "learning"), (outcomes, "outcomes")]:
        for row in rows.select_related("project").order_by("-id")[:RECENT]:
            url = f"{row.project.get_absolute_url()}#{anchor}"
            kind = row.get_kind_display() if anchor == "learning" else _("Outcome")
            found.append(Recent(row.text, row.project.title, url, str(kind), row.is_example))
    return found


# Rows behind a figure ----------------------------------------------------------------------------


def rows_behind(key: str, scope: Scope, now: datetime, cursor: str | None) -> RowsPage | None:
    """A page of the rows behind a figure; ``None`` where the portal does not hold it.

    Five queries at most. Errors: ``KeyError`` on an unknown figure.
    """
    kind = kinds.get(key)
    rows = kind.rows(scope, now)
    if rows is None:
        return None
    total = figures_of([(key, scope)], now)[key, scope]
    page = keyset_page(rows, order=kind.order, cursor=cursor)
    hidden = _hidden_rows(kind, rows, total)
    lines = [_row_line(kind, row, hidden) for row in page.rows]
    return RowsPage(kind, total, lines, page)


def rows_file(
    key: str, scope: Scope, now: datetime
) -> tuple[list[str], Iterator[list[Any]]] | None:
    """The same rows, all of them, as header and lines of a file."""
    kind = kinds.get(key)
    rows = kind.rows(scope, now)
    if rows is None:
        return None
    hidden: set[int] = set()
    if kind.of_people:
        hidden = _hidden_rows(kind, rows, figures_of([(key, scope)], now)[key, scope])
    number = [_("People")] if kind.of_people else []
    header = [*(str(column.title) for column in kind.columns), *number, _("Example data")]
    return header, _file_lines(kind, rows, hidden)


def _file_lines(kind: Kind, rows: QuerySet, hidden: set[int]) -> Iterator[list[Any]]:
    for row in rows.order_by(*kind.order).iterator(chunk_size=1_000):
        line = [column.of(row) for column in kind.columns]
        if kind.of_people:
            line.append(few_words() if row.pk in hidden else row.people)
        yield [*line, _("Yes") if row.is_example else _("No")]


def _hidden_rows(kind: Kind, rows: QuerySet, total: Figure) -> set[int]:
    """The keys of rows of too few people, and of those that would give such a row away."""
    if not kind.of_people:
        return set()
    numbers = list(rows.order_by(*kind.order).values_list("pk", "people"))
    if total.value is None:
        return {pk for pk, _number in numbers}
    places = hidden_in_list([number for _pk, number in numbers], settings.SMALL_CELL_THRESHOLD)
    return {numbers[place][0] for place in places}


def _row_line(kind: Kind, row: Any, hidden: set[int]) -> RowLine:
    number = ""
    if kind.of_people:
        number = few_words() if row.pk in hidden else f"{row.people:,}"
    cells = [in_words(column.of(row)) for column in kind.columns]
    return RowLine(cells, kind.url(row), number, row.is_example)
