"""The mix planner at its promised size, and the count behind the gap board.

``python -m benchmarks.planning`` runs the planner alone, without a database.
"""

import time
from dataclasses import dataclass
from random import Random

from expressions import mix
from expressions.mix import Bound, Candidate, Problem

CANDIDATES = 2_000
CONSTRAINTS = 20
PLACES = 24
PROMISED = 2.0
ROUNDS = 3


@dataclass(frozen=True)
class Counted:
    """How many expressions, and the seconds of the best of three counts."""

    rows: int
    seconds: float


def problem() -> Problem:
    """A large call, the same each time."""
    chance = Random(1)
    candidates = [
        Candidate(
            number,
            round(chance.uniform(20, 95), 2),
            {
                "nation": [chance.choice(["scotland", "wales", "england", "northern_ireland"])],
                "kind": [chance.choice("abcdef")],
                "topic": chance.sample(["one", "two", "three", "four"], chance.choice([1, 1, 2])),
                "first_timer": ["yes"] if chance.random() < 0.3 else [],
            },
        )
        for number in range(1, CANDIDATES + 1)
    ]
    bounds = [Bound("nation", one, 3, 9) for one in ("scotland", "wales", "northern_ireland")]
    bounds += [Bound("kind", one, 2, 6) for one in "abcdef"]
    bounds += [Bound("first_timer", "yes", 8), Bound("topic", "one", 9)]
    return Problem.of(candidates, PLACES, bounds)


def plan() -> tuple[float, str]:
    """(seconds of the slowest of three rounds, "best" where all were proved): the best set and the
    price of each constraint."""
    asked = problem()
    assert len(asked.constraints) == CONSTRAINTS
    slowest = 0.0
    for _round in range(ROUNDS):
        began = time.perf_counter()
        # Raises where the solver has not proved that no other set is better.
        best = mix.best_set(asked)
        if best is None:
            return time.perf_counter() - began, "no answer"
        mix.prices(asked, best)
        slowest = max(slowest, time.perf_counter() - began)
    return slowest, "best"


def board() -> Counted:
    """Count the call with the most expressions, as the gap board does when nothing is kept."""
    from django.db.models import Count

    from expressions.models import Call
    from expressions.selectors import gaps

    call = Call.objects.annotate(size=Count("expressions")).order_by("-size")[0]
    best = float("inf")
    for _round in range(ROUNDS):
        began = time.perf_counter()
        found = gaps.count(call)
        best = min(best, time.perf_counter() - began)
    rows = sum(one.tally.begun + one.tally.sent for one in found)
    return Counted(rows, best)


if __name__ == "__main__":
    seconds, status = plan()
    print(f"mix planner, {CANDIDATES:,} x {CONSTRAINTS}: {seconds:.2f} s with all prices, {status}")
