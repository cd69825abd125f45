"""Why no set can be found: the smallest group of limits that cannot hold together.

Limits in conflict, of which none can be left out, are an irreducible infeasible subset. The
smallest of all is found by the duality of such subsets with the sets of limits whose letting go
mends the problem: a subset in conflict meets every mending set, so the smallest hitting set of the
mending sets found so far is either the smallest conflict or shows one more mending set
(Ignatiev, Previti, Liffiton and Marques-Silva, *Smallest MUS extraction with minimal hitting set
dualization*, 2015).
"""

from collections.abc import Collection
from dataclasses import dataclass

from .problem import Candidate, Limit, Problem
from .solver import Row, maximise


@dataclass(frozen=True)
class Conflict:
    """``together``: the fewest limits that cannot all hold; without any one of them they can.

    ``let_go``: the fewest limits of all the problem's whose letting go makes a set possible.
    """

    together: tuple[Limit, ...]
    let_go: tuple[Limit, ...]


def smallest_conflict(problem: Problem) -> Conflict | None:
    """The smallest conflict among the limits of ``problem``; ``None`` where a set exists.

    Errors: ``TookTooLong``.
    """
    first = mending(problem, kept=())
    if not first:
        return None
    menders = [first]
    while True:
        tried = smallest_meeting(menders, problem.limits)
        mender = mending(problem, kept=tried)
        if mender is None:
            return Conflict(tuple(sorted(tried)), tuple(sorted(first)))
        menders.append(mender)


def mending(problem: Problem, *, kept: Collection[Limit]) -> tuple[Limit, ...] | None:
    """The fewest limits besides ``kept`` to let go; ``None`` if ``kept`` alone cannot hold.

    Each other limit gets a variable that is 1 when it is let go, with a weight that is enough to
    make its row say nothing.
    """
    candidates = problem.candidates
    loose = [limit for limit in problem.limits if limit not in kept]
    rows: list[Row] = []
    weights: list[list[float]] = []
    for limit in problem.limits:
        switch = None if limit in kept else len(candidates) + loose.index(limit)
        for row, row_weights in _rows(limit, candidates, switch):
            rows.append(row)
            weights.append(row_weights)
    found = maximise([0.0] * len(candidates) + [-1.0] * len(loose), rows, weights)
    if found is None:
        return None
    return tuple(limit for limit, gone in zip(loose, found[len(candidates) :], strict=True) if gone)


def _rows(
    limit: Limit, candidates: tuple[Candidate, ...], switch: int | None
) -> list[tuple[Row, list[float]]]:
    """The rows of a limit: one for its least, one for its most, each with its switch."""
    counted = limit.coefficients(candidates)
    ones = [1.0] * len(counted)
    places = counted if switch is None else [*counted, switch]
    found: list[tuple[Row, list[float]]] = []
    if limit.least:
        weights = ones if switch is None else [*ones, float(limit.least)]
        found.append(((places, limit.least, None), weights))
    if limit.most is not None and limit.most < len(counted):
        weights = ones if switch is None else [*ones, -float(len(counted) - limit.most)]
        found.append(((places, None, limit.most), weights))
    return found


def smallest_meeting(
    groups: Collection[Collection[Limit]], limits: tuple[Limit, ...]
) -> tuple[Limit, ...]:
    """The fewest of ``limits`` that share at least one with each of ``groups``."""
    rows: list[Row] = [([limits.index(limit) for limit in group], 1, None) for group in groups]
    found = maximise([-1.0] * len(limits), rows)
    if found is None:
        raise AssertionError("all limits together meet every group")
    return tuple(limit for limit, taken in zip(limits, found, strict=True) if taken)
