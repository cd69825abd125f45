"""Why constraints cannot be kept together, and what comes closest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .problem import UNITS, Constraint, Kind, Problem
from .solver import Best, Column, Matrix, Row, maximise

# So often the smallest conflict is looked for; each round is two short solves.
ROUNDS = 60


@dataclass(frozen=True)
class Change:
    """By how many ``constraint`` is missed in what comes closest."""

    constraint: Constraint
    short_by: int


@dataclass(frozen=True)
class Conflict:
    """``together``: as few constraints as there can be that no set keeps all of; empty where there
    are fewer candidates than places. ``nearest``: a set that misses constraints by as few as can
    be, and of these has the most score; ``changes``: which and by how many; both ``None`` and
    empty where there are too few candidates."""

    together: tuple[Constraint, ...]
    nearest: Best | None = None
    changes: tuple[Change, ...] = ()


def explain(problem: Problem) -> Conflict | None:
    """Why ``problem`` has no answer; ``None`` if it has one."""
    if len(problem.candidates) < problem.places:
        return Conflict(())
    elastic = _Elastic(problem)
    together = elastic.smallest_conflict()
    if together is None:
        return None
    nearest, changes = elastic.nearest()
    constraints = tuple(problem.constraints[one] for one in sorted(together))
    return Conflict(constraints, nearest, changes)


class _Elastic:
    """The problem in which each constraint may be missed, by as many as its own column says."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.matrix = Matrix(problem)
        self.all = range(len(problem.constraints))
        self.these = self.matrix.contenders(self.all, self.matrix.units)
        self.size = len(self.these)

    def _solve(
        self, gains: Iterable[float], firm: Collection[int], extra: Sequence[Row] = ()
    ) -> np.ndarray | None:
        """Most of ``gains`` (of candidates, amounts missed, then whether missed at all) with the
        constraints of the numbers ``firm`` kept."""
        # None can be missed by more than it asks, nor exceeded by more than there are places.
        limits = [
            0.0 if number in firm else float(max(one.lower, self.problem.places, 1))
            for number, one in enumerate(self.problem.constraints)
        ]
        uppers = [1.0] * self.size + limits + [1.0] * len(limits)
        columns = [Column(gain, upper) for gain, upper in zip(gains, uppers, strict=True)]
        return maximise(columns, [*self._rows(limits), *extra])

    def _rows(self, limits: Sequence[float]) -> list[Row]:
        first, *others = self.matrix.rows(self.all, self.these)
        rows = [first]
        for number, row in enumerate(others):
            missed = self.size + number
            weight = 1.0 if self.problem.constraints[number].upper is None else -1.0
            rows.append(
                Row(
                    np.append(row.columns, missed),
                    row.lower if weight > 0 else -np.inf,
                    row.upper,
                    np.append(np.ones(len(row.columns)), weight),
                )
            )
            # Missed at all where missed by one or more.
            at_all = self.size + len(self.all) + number
            rows.append(Row([missed, at_all], -np.inf, 0.0, [1.0, -max(limits[number], 1.0)]))
        return rows

    def smallest_conflict(self) -> set[int] | None:
        """As few constraints as there can be that no set keeps all of; ``None`` if all can be.

        Every such group meets every group of constraints whose giving-up makes the rest possible
        (hitting-set duality: Reiter, *A theory of diagnosis from first principles*, 1987). So the
        smallest is found by growing a list of the latter and taking the smallest set that meets
        all of them until that set itself cannot be kept (Ignatiev and others, *Smallest MUS
        extraction with minimal hitting set dualization*, CP 2015). In linear programming such a
        group is called an irreducible infeasible subset.

        The list can grow beyond all time where many groups of equal size are in conflict. After
        ``ROUNDS`` it is some group of which none can be left out, and no longer surely the
        smallest: a candidate who must and must not be chosen, or what is left when one constraint
        after the other is left out.
        """
        gains = [0.0] * self.size + [0.0] * len(self.all) + [-1.0] * len(self.all)
        to_meet: list[list[int]] = []
        for _round in range(ROUNDS):
            candidate = _smallest_that_meets(to_meet, len(self.all))
            found = self._solve(gains, candidate)
            if found is None:
                return candidate
            missed = [one for one in self.all if found[self.size + one] > 0.5]
            if not missed:
                return None
            to_meet.append(missed)
        return self._named_both_ways() or self._irreducible(gains)

    def _named_both_ways(self) -> set[int] | None:
        """The two constraints on somebody who must and must not be chosen."""
        first: dict[int, int] = {}
        for number, one in enumerate(self.problem.constraints):
            if one.kind in (Kind.MUST, Kind.MUST_NOT):
                if one.candidate in first:
                    return {first[one.candidate], number}
                first[one.candidate] = number
        return None

    def _irreducible(self, gains: Sequence[float]) -> set[int]:
        """A group in conflict of which none can be left out: one solve for each constraint."""
        together = set(self.all)
        for one in self.all:
            if self._solve(gains, together - {one}) is None:
                together.remove(one)
        return together

    def nearest(self) -> tuple[Best | None, tuple[Change, ...]]:
        """What misses constraints by the fewest in all, and of these has the most score."""
        rest = [0.0] * len(self.all)
        closest = self._solve([0.0] * self.size + [-1.0] * len(self.all) + rest, ())
        if closest is None:
            return None, ()
        amounts = np.arange(self.size, self.size + len(self.all))
        fewest = float(closest[amounts].sum())
        units = self.matrix.units[self.these].astype(float)
        limit = Row(amounts, -np.inf, fewest + 0.5)
        found = self._solve([*units, *rest, *rest], (), [limit])
        if found is None:
            return None, ()
        chosen = self.these[found[: self.size] > 0.5]
        ids = [int(self.matrix.ids[one]) for one in chosen]
        return Best(tuple(ids), self.problem.units_of(ids) / UNITS), self._changes(ids)

    def _changes(self, chosen: Collection[int]) -> tuple[Change, ...]:
        found = []
        for one in self.problem.constraints:
            count = self.problem.count(one, chosen)
            over = 0 if one.upper is None else count - one.upper
            short = max(one.lower - count, over, 0)
            if short:
                found.append(Change(one, short))
        return tuple(found)


def _smallest_that_meets(sets: Sequence[Sequence[int]], size: int) -> set[int]:
    """The fewest of ``range(size)`` with at least one in each of ``sets``."""
    if not sets:
        return set()
    found = maximise([Column(-1.0)] * size, [Row(one, 1.0) for one in sets])
    return set() if found is None else {int(one) for one in np.flatnonzero(found > 0.5)}
