"""No hidden count can be worked out: each property is tried with an attacker of its own."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.suppression import (
    hidden_in_list,
    hidden_in_pair,
    hidden_in_table,
    is_small,
)

THRESHOLD = 5
COUNTS = st.one_of(st.integers(0, 7), st.integers(0, 400))
LISTS = st.lists(COUNTS, min_size=1, max_size=9)
TABLES = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.lists(
        st.lists(COUNTS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def solvable(equations, unknowns):
    """The unknowns whose value follows from ``equations`` ({unknown: factor}), by elimination."""
    order = sorted(unknowns)
    rows = [[Fraction(equation.get(name, 0)) for name in order] for equation in equations]
    lead = 0
    for column in range(len(order)):
        found = next((row for row in range(lead, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[lead], rows[found] = rows[found], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for row in range(len(rows)):
            if row != lead and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[lead], strict=True)]
        lead += 1
    alone = [row for row in rows if sum(1 for value in row if value) == 1]
    return {order[place] for row in alone for place, value in enumerate(row) if value}


def narrowed(sums, least):
    """What bounds alone tell: ``sums`` are (names, total), ``least`` is {name: lowest}.

    Each unknown is at least its lowest, so it is at most what its total leaves; round and round.
    """
    low, high = dict(least), dict.fromkeys(least, 10**6)
    for _round in range(60):
        before = (dict(low), dict(high))
        for names, total in sums:
            for name in names:
                others = [other for other in names if other != name]
                high[name] = min(high[name], total - sum(low[other] for other in others))
                low[name] = max(low[name], total - sum(high[other] for other in others))
        if before == (low, high):
            break
    return {name for name in least if low[name] == high[name]}


@settings(max_examples=400, deadline=None)
@given(LISTS)
def test_no_hidden_count_of_a_list_follows_from_its_sum(counts):
    hidden = hidden_in_list(counts, THRESHOLD)
    assert {place for place, count in enumerate(counts) if is_small(count, THRESHOLD)} <= hidden
    people = [place for place in hidden if counts[place]]
    if is_small(sum(counts), THRESHOLD) or not people:
        return  # the sum is hidden too
    assert solvable([dict.fromkeys(hidden, 1)], hidden).isdisjoint(people)
    everything = len(hidden) == len(counts)
    if everything and len(people) > 1 and all(counts[place] == 1 for place in people):
        return  # withheld as a whole, so that nobody knows which are nought
    least = dict.fromkeys(hidden, 0 if everything else 1)
    sums = [(sorted(hidden), sum(counts[place] for place in hidden))]
    assert narrowed(sums, least).isdisjoint(people)


@settings(max_examples=400, deadline=None)
@given(LISTS, st.sets(st.integers(0, 8)))
def test_what_is_hidden_already_stays_hidden_in_a_list(counts, already):
    already = {place for place in already if place < len(counts)}
    assert already <= hidden_in_list(counts, THRESHOLD, already)


@given(LISTS)
def test_a_list_of_large_counts_is_shown_whole(counts):
    assert hidden_in_list([count + THRESHOLD for count in counts], THRESHOLD) == set()


def test_the_smallest_other_count_is_hidden_beside_a_single_small_one():
    assert hidden_in_list([3, 40, 12, 0], THRESHOLD) == {0, 2}


def test_two_ones_that_make_up_their_whole_sum_take_a_third_with_them():
    assert hidden_in_list([1, 1, 9, 30], THRESHOLD) == {0, 1, 2}


def test_everything_is_hidden_when_the_sum_is_small():
    assert hidden_in_list([3, 0], THRESHOLD) == {0, 1}


def test_a_choice_that_nearly_everybody_made_is_hidden_for_those_who_did_not():
    assert hidden_in_pair(98, 100, THRESHOLD)
    assert hidden_in_pair(2, 100, THRESHOLD)
    assert not hidden_in_pair(100, 100, THRESHOLD)
    assert not hidden_in_pair(50, 100, THRESHOLD)


def margins(grid):
    return [sum(row) for row in grid], [sum(column) for column in zip(*grid, strict=True)]


def protected(grid):
    """The table with its margins hidden as the results do it."""
    rows, columns = margins(grid)
    hidden_rows = hidden_in_list(rows, THRESHOLD)
    hidden_columns = hidden_in_list(columns, THRESHOLD)
    hidden = hidden_in_table(
        grid, THRESHOLD, hidden_rows=hidden_rows, hidden_columns=hidden_columns
    )
    return hidden, hidden_rows, hidden_columns


def lines(grid, hidden, hidden_rows, hidden_columns):
    """What is known: for each line with a shown sum, its hidden cells and what they add up to."""
    rows = [[(r, c) for c in range(len(grid[0]))] for r in range(len(grid)) if r not in hidden_rows]
    columns = [
        [(r, c) for r in range(len(grid))] for c in range(len(grid[0])) if c not in hidden_columns
    ]
    # Of the hidden sums their own sum is known: it is what the shown ones leave of the whole.
    together = [
        [(r, c) for r in hidden_rows for c in range(len(grid[0]))],
        [(r, c) for r in range(len(grid)) for c in hidden_columns],
    ]
    if is_small(sum(map(sum, grid)), THRESHOLD):
        together = []
    for line in [*rows, *columns, *together]:
        unknown = [cell for cell in line if cell in hidden.cells]
        if unknown:
            yield unknown, sum(grid[r][c] for r, c in unknown)


@settings(max_examples=600, deadline=None)
@given(TABLES)
def test_every_small_cell_of_a_table_is_hidden(grid):
    hidden, _rows, _columns = protected(grid)
    for row, counts in enumerate(grid):
        for column, count in enumerate(counts):
            assert not is_small(count, THRESHOLD) or (row, column) in hidden


@settings(max_examples=600, deadline=None)
@given(TABLES)
def test_no_hidden_cell_of_a_table_follows_from_the_sums_by_subtraction(grid):
    hidden, rows, columns = protected(grid)
    if hidden.withheld:
        return
    equations = [dict.fromkeys(names, 1) for names, _total in lines(grid, hidden, rows, columns)]
    found = solvable(equations, hidden.cells)
    assert {cell for cell in found if grid[cell[0]][cell[1]]} == set()


@settings(max_examples=600, deadline=None)
@given(TABLES)
def test_no_hidden_cell_of_a_table_is_pinned_down_by_its_bounds(grid):
    hidden, rows, columns = protected(grid)
    if hidden.withheld:
        return
    least = {cell: int(cell[0] not in rows and cell[1] not in columns) for cell in hidden.cells}
    pinned = narrowed(list(lines(grid, hidden, rows, columns)), least)
    assert {cell for cell in pinned if grid[cell[0]][cell[1]]} == set()


@settings(max_examples=300, deadline=None)
@given(TABLES)
def test_no_number_of_people_in_a_withheld_table_follows_from_its_sums(grid):
    hidden, rows, columns = protected(grid)
    if not hidden.withheld:
        return
    small = {
        (r, c)
        for r, counts in enumerate(grid)
        for c, count in enumerate(counts)
        if is_small(count, THRESHOLD)
    }
    pinned = narrowed(list(lines(grid, hidden, rows, columns)), dict.fromkeys(hidden.cells, 0))
    assert pinned.isdisjoint(small)


@given(TABLES)
def test_a_table_of_large_counts_is_shown_whole(grid):
    large = [[count + THRESHOLD for count in row] for row in grid]
    assert protected(large)[0].cells == frozenset()


def test_a_single_small_cell_takes_the_cheapest_rectangle_with_it():
    grid = [[3, 50, 20], [40, 60, 9], [70, 80, 90]]
    assert hidden_in_table(grid, THRESHOLD).cells == {(0, 0), (0, 2), (1, 0), (1, 2)}


def test_four_ones_in_a_square_are_not_left_to_themselves():
    grid = [[1, 1, 30], [1, 1, 30], [30, 30, 30]]
    assert len(hidden_in_table(grid, THRESHOLD).cells) > 4
