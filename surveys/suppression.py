"""Hiding small numbers, so that they cannot be worked out from the numbers that stay.

Pure: numbers in, places to hide out. A count of 1 to ``threshold - 1`` people is hidden (first
suppression). Where a hidden count could be found by taking the shown ones from their total,
others are hidden beside it (secondary suppression). Nobody is behind a nought: it stays.

What somebody is taken to know: every shown number and total, the rules of this module, and so that
a count hidden by itself, not with its whole row or column, is of at least one person. A hidden
count is safe when another table, with another number in that place, would look exactly the same.

Percentages, means and charts are made from shown counts alone; a mean is left out wherever one of
its counts is hidden, for it is one more equation.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]
Grid = Sequence[Sequence[int]]


def is_small(count: int, threshold: int) -> bool:
    """Whether ``count`` is of people, and of too few of them."""
    return 0 < count < threshold


def hidden_in_list(
    counts: Sequence[int], threshold: int, already: Collection[int] = ()
) -> set[int]:
    """Which of ``counts`` to hide when their sum is shown; ``already`` are hidden before.

    All of them, where the sum itself is small or nothing less would do.
    """
    total = sum(counts)
    if is_small(total, threshold):
        return set(range(len(counts)))
    hidden = set(already) | {
        place for place, count in enumerate(counts) if is_small(count, threshold)
    }
    spare = sorted(
        (count, place) for place, count in enumerate(counts) if count and place not in hidden
    )
    while hidden and not _list_is_safe([counts[place] for place in hidden]):
        if not spare:
            return set(range(len(counts)))
        hidden.add(spare.pop(0)[1])
    return hidden


def _list_is_safe(hidden: Sequence[int]) -> bool:
    """Whether hidden counts of a known sum could be others: two at least, and not all of them 1."""
    people = [count for count in hidden if count]
    return not people or (len(people) > 1 and sum(people) > len(people))


def hidden_in_pair(part: int, whole: int, threshold: int) -> bool:
    """Whether to hide ``part`` of a shown ``whole``: for what it says of either side."""
    return is_small(part, threshold) or is_small(whole - part, threshold)


@dataclass(frozen=True)
class Hidden:
    """What to hide of a table: ``cells``, or everything when it is ``withheld``."""

    cells: frozenset[Cell]
    withheld: bool = False

    def __contains__(self, cell: object) -> bool:
        return self.withheld or cell in self.cells


def hidden_in_table(
    grid: Grid,
    threshold: int,
    *,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> Hidden:
    """Which cells of ``grid`` to hide when the sums of its rows and columns are shown.

    ``hidden_rows`` and ``hidden_columns`` are those whose sum is hidden: they are hidden whole.
    The sums must have been hidden by :func:`hidden_in_list`, so that they are safe themselves.
    """
    table = _Table(grid, threshold, set(hidden_rows), set(hidden_columns))
    while exposed := table.exposed():
        rectangle = table.cheapest_rectangle(exposed)
        if rectangle is None:
            every = frozenset(
                (row, column) for row in range(table.height) for column in range(table.width)
            )
            return Hidden(every, withheld=True)
        table.hidden |= rectangle
    return Hidden(frozenset(table.hidden))


class _Table:
    """A table with hidden cells, seen as whoever wants to know them sees it.

    One hidden cell can be another number only if others on its lines make up for it. A rectangle
    of hidden cells does that: one more here, one less beside it, one more diagonally, one less
    below. Two rows with hidden sums do it too, for one sum can rise as the other falls; so do two
    columns.
    """

    def __init__(self, grid: Grid, threshold: int, rows: set[int], columns: set[int]) -> None:
        self.grid = grid
        self.height, self.width = len(grid), len(grid[0]) if grid else 0
        self.whole_rows, self.whole_columns = rows, columns
        self.hidden: set[Cell] = {
            (row, column)
            for row, counts in enumerate(grid)
            for column, count in enumerate(counts)
            if row in rows or column in columns or is_small(count, threshold)
        }

    def exposed(self) -> Cell | None:
        """A hidden cell with people in it whose number could be worked out; ``None`` if none."""
        movable = self._movable()
        return next(
            (
                cell
                for cell in sorted(self.hidden)
                if cell not in movable and self.grid[cell[0]][cell[1]]
            ),
            None,
        )

    def _can_fall(self, cell: Cell) -> bool:
        """Whether one less could still stand here: what is hidden alone is never nought."""
        row, column = cell
        least = 0 if row in self.whole_rows or column in self.whole_columns else 1
        return self.grid[row][column] > least

    def _movable(self) -> set[Cell]:
        """Hidden cells that a chain of changes by one, ending where it began, runs through.

        Rows and columns are the stations, hidden cells the tracks: a rising cell leads from its
        row to its column, a falling one from its column to its row. What lies on a ring can be
        another number.
        """
        onward = self._transfers()
        for row, column in self.hidden:
            onward.setdefault(("row", row), set()).add(("column", column))
            if self._can_fall((row, column)):
                onward.setdefault(("column", column), set()).add(("row", row))
        return {
            cell
            for cell in self.hidden
            if self._ring(onward, ("column", cell[1]), ("row", cell[0]))
            or (self._can_fall(cell) and self._ring(onward, ("row", cell[0]), ("column", cell[1])))
        }

    def _transfers(self) -> dict[tuple[str, int], set[tuple[str, int]]]:
        """Where one hidden sum may fall by one and another rise: each other table can follow suit,
        for there too the cells behind a hidden sum are hidden, and it has somebody to give up."""
        onward: dict[tuple[str, int], set[tuple[str, int]]] = {}
        for falling in self.whole_rows:
            if sum(self.grid[falling]) > 1:
                onward["row", falling] = {("row", row) for row in self.whole_rows - {falling}}
        for falling in self.whole_columns:
            if sum(counts[falling] for counts in self.grid) > 1:
                for column in self.whole_columns - {falling}:
                    onward.setdefault(("column", column), set()).add(("column", falling))
        return onward

    @staticmethod
    def _ring(
        onward: dict[tuple[str, int], set[tuple[str, int]]],
        start: tuple[str, int],
        goal: tuple[str, int],
    ) -> bool:
        """Whether a way leads from ``start`` to ``goal`` other than straight back."""
        seen, ahead = {start}, [start]
        while ahead:
            here = ahead.pop()
            for station in onward.get(here, ()):
                if station == goal and here != start:
                    return True
                if station not in seen and not (here == start and station == goal):
                    seen.add(station)
                    ahead.append(station)
        return False

    def cheapest_rectangle(self, cell: Cell) -> set[Cell] | None:
        """The corners that make ``cell`` safe and hide the fewest people; ``None`` without any."""
        found = min(self._rectangles(cell), default=None)
        return set(found[1]) if found else None

    def _rectangles(self, cell: Cell) -> Iterator[tuple[int, tuple[Cell, Cell, Cell, Cell]]]:
        row, column = cell
        for other_row in range(self.height):
            for other_column in range(self.width):
                if other_row == row or other_column == column:
                    continue
                beside, below = (row, other_column), (other_row, column)
                across = (other_row, other_column)
                falls = self._can_fall(beside) and self._can_fall(below)
                rises = self._can_fall(cell) and self._can_fall(across)
                corners = (cell, beside, across, below)
                empty = any(
                    not self._people(corner) and corner not in self.hidden for corner in corners
                )
                if (falls or rises) and not empty:
                    cost = sum(
                        self._people(corner) for corner in corners if corner not in self.hidden
                    )
                    yield cost, corners

    def _people(self, cell: Cell) -> int:
        return self.grid[cell[0]][cell[1]]
