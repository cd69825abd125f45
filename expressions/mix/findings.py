"""What there is to know of the best set: prices, reserves and stability."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .conflict import Conflict, smallest_conflict
from .problem import GRAIN, Candidate, Kind, Limit, Problem
from .solver import best_set

# (done, of all): told as a long reckoning goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Price:
    """How many points of score more the best set would have without a limit."""

    limit: Limit
    points: float


@dataclass(frozen=True)
class Findings:
    """The best set of a problem and what was found about it, or why there is none.

    ``chosen``: ids, best first; ``total``: the sum of their scores. ``prices``: of each limit but
    the number of places, dearest first. ``reserves``: by chosen id, who would take its place.
    ``stability``: by id, the share (0 to 1) of the resampled rounds in which it is chosen.
    ``conflict``: why there is no set.
    """

    chosen: tuple[int, ...] = ()
    total: float = 0.0
    prices: tuple[Price, ...] = ()
    reserves: Mapping[int, int | None] | None = None
    stability: Mapping[int, float] | None = None
    conflict: Conflict | None = None


def find(
    problem: Problem,
    rounds: Iterable[Mapping[int, float]] = (),
    progress: Progress = lambda _done, _of: None,
) -> Findings:
    """Everything about ``problem``. ``rounds``: scores by id as other assessors would have it.

    Errors: ``TookTooLong``.
    """
    rounds = list(rounds)
    priced = [limit for limit in problem.limits if limit.kind != Kind.PLACES]
    steps = 1 + len(priced) + len(rounds)
    chosen = best_set(problem)
    progress(1, steps)
    if chosen is None:
        return Findings(conflict=smallest_conflict(problem))
    return Findings(
        chosen=chosen,
        total=total_of(problem, chosen),
        prices=prices(problem, chosen, lambda done, _of: progress(1 + done, steps)),
        reserves=reserves(problem, chosen),
        stability=stability(
            problem, rounds, lambda done, _of: progress(1 + len(priced) + done, steps)
        ),
    )


def total_of(problem: Problem, ids: Iterable[int]) -> float:
    """The sum of the scores of a set."""
    return sum(one.points for one in problem.chosen(ids)) / GRAIN


def prices(
    problem: Problem, chosen: Sequence[int], progress: Progress = lambda _done, _of: None
) -> tuple[Price, ...]:
    """What each limit costs: the best score without it less the best with it. Dearest first.

    Each is solved anew, exactly; what a linear relaxation calls a shadow price would be wrong for
    whole places. A limit that the best set free of all limits keeps to anyway costs nothing.
    """
    best = sum(one.points for one in problem.chosen(chosen))
    priced = [limit for limit in problem.limits if limit.kind != Kind.PLACES]
    free = sorted(problem.candidates, key=lambda one: (-one.points, one.id))[: problem.places]
    found = []
    for done, limit in enumerate(priced, start=1):
        points = 0
        # Nothing can score more than the best of all: then no limit costs anything.
        if sum(one.points for one in free) > best:
            freed = best_set(problem, without=(limit,))
            if freed is None:
                raise AssertionError("with one limit fewer the set that was found still stands")
            points = sum(one.points for one in problem.chosen(freed)) - best
        found.append(Price(limit, points / GRAIN))
        progress(done, len(priced))
    return tuple(sorted(found, key=lambda price: (-price.points, price.limit)))


def reserves(problem: Problem, chosen: Sequence[int]) -> dict[int, int | None]:
    """By chosen id, the best-scored other candidate that can take its place and keep the mix.

    ``None`` where nobody can. For a candidate that must be chosen, its own naming is let go: it is
    the one that has dropped out.
    """
    others = sorted(
        (one for one in problem.candidates if one.id not in set(chosen)),
        key=lambda one: (-one.points, one.id),
    )
    limits = [limit for limit in problem.limits if limit.kind != Kind.PLACES]
    counts = {limit: len(limit.coefficients(problem.chosen(chosen))) for limit in limits}
    return {
        gone: next(
            (one.id for one in others if _keeps(problem.by_id[gone], one, limits, counts)),
            None,
        )
        for gone in chosen
    }


def _keeps(
    gone: Candidate, come: Candidate, limits: Sequence[Limit], counts: Mapping[Limit, int]
) -> bool:
    """Whether every limit still holds when ``come`` has the place of ``gone``."""
    for limit in limits:
        if limit.kind == Kind.MUST and limit.number == gone.id:
            continue
        count = counts[limit] - len(limit.coefficients([gone])) + len(limit.coefficients([come]))
        if limit.least is not None and count < limit.least:
            return False
        if limit.most is not None and count > limit.most:
            return False
    return True


def stability(
    problem: Problem,
    rounds: Sequence[Mapping[int, float]],
    progress: Progress = lambda _done, _of: None,
) -> dict[int, float]:
    """The share of ``rounds`` in which each candidate is in the best set; those never are left out.

    A round gives scores by id as another drawing of the assessors has them (the bootstrap of
    Efron, *Bootstrap methods: another look at the jackknife*, 1979); who has none in it keeps its
    own. Empty without rounds.
    """
    times: Counter[int] = Counter()
    for done, scores in enumerate(rounds, start=1):
        drawn = tuple(
            replace(one, score=scores.get(one.id, one.score)) for one in problem.candidates
        )
        times.update(best_set(replace(problem, candidates=drawn)) or ())
        progress(done, len(rounds))
    return {one: count / len(rounds) for one, count in sorted(times.items())}
