"""From counts to the tables that staff see: bases, shares, means, ranks, cross-tabs.

Pure: nothing here reads the database. Every number that leaves this module has been through
:mod:`surveys.suppression`; ``None`` is a number that is hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .enums import PICK_ONE, QuestionKind
from .questionnaire import Choice, Item, Questionnaire
from .rollup import ANSWERED, LEFT_OUT
from .suppression import (
    Hidden,
    hidden_in_list,
    hidden_in_pair,
    hidden_in_table,
    is_small,
)

NATION, ROLE = "nation", "role"
Row = tuple[int | None, str, str, str, int]


class Counts:
    """Rollup rows (question, option, nation, role, count), added up as they are asked for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._total: dict[tuple, int] = defaultdict(int)
        self._by: dict[tuple, int] = defaultdict(int)
        for question, option, nation, role, count in rows:
            self._total[question, option] += count
            self._by[NATION, question, option, nation] += count
            self._by[ROLE, question, option, role] += count

    @property
    def responses(self) -> int:
        return self._total.get((None, ""), 0)

    def total(self, question: int | None, option: str) -> int:
        return self._total.get((question, option), 0)

    def by(self, side: str, question: int | None, option: str, column: str) -> int:
        return self._by.get((side, question, option, column), 0)


@dataclass(frozen=True)
class Strand:
    """One thing asked, with a base of its own: a question, or one row of a matrix.

    ``keys`` are the rollup options that stand for the choices. ``several``: people may choose
    more than one, so that the choices do not add up to the base.
    """

    item: Item
    label: str
    choices: tuple[Choice, ...]
    keys: tuple[str, ...]
    several: bool = False

    @property
    def base_keys(self) -> tuple[str, ...]:
        return self.keys if self.item.kind == QuestionKind.MATRIX else (ANSWERED,)


def strands(item: Item) -> list[Strand]:
    """What of ``item`` is counted: for a ranking, the first places; nothing for open text."""
    codes = [choice.code for choice in item.choices]
    if item.kind == QuestionKind.MATRIX:
        return [
            Strand(item, row.text, item.choices, tuple(f"{row.code}:{code}" for code in codes))
            for row in item.rows
        ]
    if item.kind == QuestionKind.RANKING:
        return [Strand(item, "", item.choices, tuple(f"{code}#1" for code in codes))]
    if item.kind in PICK_ONE or item.kind == QuestionKind.MULTIPLE:
        several = item.kind == QuestionKind.MULTIPLE
        return [Strand(item, "", item.choices, tuple(codes), several)]
    return []


@dataclass(frozen=True)
class Line:
    """A choice with how many people chose it; ``count`` is ``None`` where that is hidden."""

    choice: Choice
    count: int | None
    base: int | None

    @property
    def percent(self) -> int | None:
        return percent(self.count, self.base)


@dataclass(frozen=True)
class OneWay:
    """The counts of one strand. ``base`` is how many answered; ``mean`` of a rating's values."""

    strand: Strand
    base: int | None
    lines: list[Line]
    mean: float | None = None

    @property
    def is_withheld(self) -> bool:
        return all(line.count is None for line in self.lines)

    @property
    def hidden(self) -> set[int]:
        return {place for place, line in enumerate(self.lines) if line.count is None}


@dataclass(frozen=True)
class Ranked:
    """A thing that was ranked: ``mean_rank`` among those who ranked it, ``points`` by Borda."""

    choice: Choice
    first: int | None
    ranked: int | None
    mean_rank: float | None
    points: int | None


@dataclass(frozen=True)
class QuestionResult:
    """What one question's answers are; ``answered`` of ``asked`` people gave one."""

    item: Item
    asked: int | None
    answered: int | None
    tables: list[OneWay] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)


@dataclass(frozen=True)
class CrossRow:
    """A choice by nation or role; the cells stand in the order of the table's columns."""

    choice: Choice
    total: int | None
    cells: list[int | None]


@dataclass(frozen=True)
class CrossTab:
    """A strand by nation or role, with the base of each column."""

    side: str
    strand: Strand
    columns: list[Choice]
    bases: list[int | None]
    base: int | None
    rows: list[CrossRow]

    @property
    def is_withheld(self) -> bool:
        return all(cell is None for row in self.rows for cell in row.cells)


def percent(part: int | None, whole: int | None) -> int | None:
    """``part`` of ``whole`` in per cent, rounded half up; ``None`` without both of them."""
    if part is None or not whole:
        return None
    return (200 * part + whole) // (2 * whole)


class Results:
    """The results of a survey under one suppression ``threshold``."""

    def __init__(self, survey_form: Questionnaire, counts: Counts, threshold: int) -> None:
        self.form = survey_form
        self.counts = counts
        self.threshold = threshold

    def of(self, item: Item) -> QuestionResult:
        """The answers to ``item``."""
        answered = self.counts.total(item.id, ANSWERED)
        asked = answered + self.counts.total(item.id, LEFT_OUT)
        if self._is_withheld(item):
            asked_shown = None if item.asked_if else asked
            return QuestionResult(item, asked_shown, None, self._tables(item))
        tables = self._tables(item)
        ranking = self._ranking(item, tables[0]) if item.kind == QuestionKind.RANKING else []
        return QuestionResult(item, asked, answered, tables, ranking)

    def _is_withheld(self, item: Item) -> bool:
        """Whether few answered, or the answer on which the question hangs is hidden itself."""
        small = is_small(self.counts.total(item.id, ANSWERED), self.threshold)
        return small or self._condition_hidden(item)

    def _condition_hidden(self, item: Item) -> bool:
        parent = self.form.item(item.asked_if) if item.asked_if else None
        if parent is None:
            return False
        if self._is_withheld(parent):
            return True
        return any(
            line.count is None and line.choice.code in item.asked_if_answers
            for line in self.one_way(strands(parent)[0]).lines
        )

    def _tables(self, item: Item) -> list[OneWay]:
        return [self.one_way(strand) for strand in strands(item)]

    def one_way(self, strand: Strand) -> OneWay:
        """How many chose what."""
        numbers = [self.counts.total(strand.item.id, key) for key in strand.keys]
        base = sum(self.counts.total(strand.item.id, key) for key in strand.base_keys)
        if self._is_withheld(strand.item) or is_small(base, self.threshold):
            lines = [Line(choice, None, None) for choice in strand.choices]
            return OneWay(strand, None, lines)
        if strand.several:
            hidden = {
                place
                for place, number in enumerate(numbers)
                if hidden_in_pair(number, base, self.threshold)
            }
        else:
            hidden = hidden_in_list(numbers, self.threshold)
        lines = [
            Line(choice, None if place in hidden else number, base)
            for place, (choice, number) in enumerate(zip(strand.choices, numbers, strict=True))
        ]
        return OneWay(strand, base, lines, None if hidden else _mean(strand, numbers))

    def _ranking(self, item: Item, first: OneWay) -> list[Ranked]:
        """By points, highest first. A thing of few people keeps its rank to itself."""
        places = range(1, (item.most or len(item.choices)) + 1)
        at = [
            [self.counts.total(item.id, f"{line.choice.code}#{place}") for place in places]
            for line in first.lines
        ]
        hidden = self._hidden_ranks(at, first)
        lines = []
        for place, (line, numbers) in enumerate(zip(first.lines, at, strict=True)):
            if place in hidden:
                lines.append(Ranked(line.choice, line.count, None, None, None))
                continue
            ranked = sum(numbers)
            weighted = sum(rank * number for rank, number in zip(places, numbers, strict=True))
            mean = weighted / ranked if ranked else None
            points = (len(places) + 1) * ranked - weighted
            lines.append(Ranked(line.choice, line.count, ranked, mean, points))
        return sorted(
            lines, key=lambda line: -1 if line.points is None else line.points, reverse=True
        )

    def _hidden_ranks(self, at: list[list[int]], first: OneWay) -> set[int]:
        """Things whose rank would tell how many, of few, put them in one place.

        ``at`` has for each thing how many gave it each place. First places, points and how many
        ranked a thing are three equations, which with three places give all of them away.
        """
        hidden, before = first.hidden, None
        while hidden != before:
            before = hidden
            for numbers in zip(*at, strict=True):
                hidden = hidden_in_list(numbers, self.threshold, hidden)
        return hidden

    def columns(self, side: str) -> list[Choice]:
        """The nations or roles, and "Not given" where somebody gave none."""
        asking = self.form.of_kind(QuestionKind(side))
        if asking is None:
            return []
        columns = list(asking.choices)
        if self.counts.by(side, None, "", ""):
            columns.append(Choice("", _("Not given")))
        return columns

    def crosstab(self, strand: Strand, side: str) -> CrossTab:
        """``strand`` by nation or role."""
        columns = self.columns(side)
        one_way = self.one_way(strand)
        bases = self._bases(strand, side, columns)
        hidden_columns = self._hidden_columns(strand.item, side, columns, bases)
        grid = [
            [self.counts.by(side, strand.item.id, key, column.code) for column in columns]
            for key in strand.keys
        ]
        if one_way.is_withheld:
            every = frozenset(
                (row, place) for row in range(len(grid)) for place in range(len(columns))
            )
            hidden, hidden_columns = Hidden(every, withheld=True), set(range(len(columns)))
        elif strand.several:
            hidden = self._hidden_several(grid, bases, one_way, hidden_columns)
        else:
            hidden = hidden_in_table(
                grid,
                self.threshold,
                hidden_rows=one_way.hidden,
                hidden_columns=hidden_columns,
            )
        return CrossTab(
            side,
            strand,
            columns,
            [None if place in hidden_columns else base for place, base in enumerate(bases)],
            one_way.base,
            [
                CrossRow(
                    line.choice,
                    line.count,
                    [
                        None if (row, place) in hidden else number
                        for place, number in enumerate(grid[row])
                    ],
                )
                for row, line in enumerate(one_way.lines)
            ],
        )

    def _bases(self, strand: Strand, side: str, columns: Sequence[Choice]) -> list[int]:
        return [
            sum(self.counts.by(side, strand.item.id, key, column.code) for key in strand.base_keys)
            for column in columns
        ]

    def _hidden_columns(
        self, item: Item, side: str, columns: Sequence[Choice], bases: Sequence[int]
    ) -> set[int]:
        """Columns of few people; also those hidden for all questions, or in the one it hangs on."""
        already = self._hidden_people(side, columns)
        parent = self.form.item(item.asked_if) if item.asked_if else None
        if parent is not None and parent.kind != side:
            above = self.crosstab(strands(parent)[0], side)
            for row in above.rows:
                if row.choice.code in item.asked_if_answers:
                    already |= {place for place, cell in enumerate(row.cells) if cell is None}
        return hidden_in_list(bases, self.threshold, already)

    def _hidden_people(self, side: str, columns: Sequence[Choice]) -> set[int]:
        """Columns whose number of people is hidden, there or where it is the question itself."""
        asking = self.form.of_kind(QuestionKind(side))
        asked = self.one_way(strands(asking)[0]).hidden if asking else set()
        everybody = [self.counts.by(side, None, "", column.code) for column in columns]
        return hidden_in_list(everybody, self.threshold, asked)

    def _hidden_several(
        self,
        grid: Sequence[Sequence[int]],
        bases: Sequence[int],
        one_way: OneWay,
        hidden_columns: set[int],
    ) -> Hidden:
        """Each choice beside those who did not choose it is a table of its own."""
        cells = set()
        for row, chosen in enumerate(grid):
            others = [base - number for base, number in zip(bases, chosen, strict=True)]
            hidden = hidden_in_table(
                [chosen, others],
                self.threshold,
                hidden_rows={0, 1} if row in one_way.hidden else (),
                hidden_columns=hidden_columns,
            )
            cells |= {(row, place) for _line, place in hidden.cells}
        return Hidden(frozenset(cells))


def _mean(strand: Strand, numbers: Sequence[int]) -> float | None:
    """The mean of a rating's values, where its choices have values and somebody answered."""
    values = [choice.value for choice in strand.choices if choice.value is not None]
    if len(values) < len(strand.choices) or not sum(numbers):
        return None
    return sum(value * number for value, number in zip(values, numbers, strict=True)) / sum(numbers)
