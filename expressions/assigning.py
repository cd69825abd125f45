"""Who is to score what: an even share for each assessor, and nothing to those with a conflict.

Pure: no database.
"""

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Unfilled(StrEnum):
    """Why an expression has fewer assessors than it should."""

    NO_ASSESSORS = "no_assessors"
    CONFLICTS = "conflicts"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Wanting:
    """An expression and who has it to score, or has scored it, already."""

    expression: int
    assigned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Whom to give what: (expression, assessor) pairs in order; and what stays short, and why."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    unfilled: dict[int, Unfilled] = field(default_factory=dict)

    def gains(self) -> dict[int, int]:
        """How many more each assessor gets."""
        found: dict[int, int] = {}
        for _expression, assessor in self.pairs:
            found[assessor] = found.get(assessor, 0) + 1
        return found


def balanced(
    expressions: Sequence[Wanting],
    loads: Mapping[int, int],
    forbidden: Collection[tuple[int, int]],
    wanted: int,
) -> Plan:
    """An assignment that gives each expression ``wanted`` different assessors.

    ``loads``: by assessor, how many they have already. ``forbidden``: (expression, assessor)
    pairs that must not be. The expressions with the fewest assessors come first, each time to the
    assessor with the least to do, and of several such to the one who has read least with the
    others of this expression: so all get to read with one another, and how strict each is can be
    compared. Then work is passed on along chains of assessors until no chain
    makes the loads more even, so that they differ by one at most wherever the forbidden pairs
    allow it. (Passing on along such chains reaches the most even loads: Harvey, Ladner, Lovász
    and Tamir, *Semi-matchings for bipartite graphs and load balancing*, 2006.) The same input
    gives the same plan.
    """
    load = {assessor: loads[assessor] for assessor in sorted(loads)}
    not_allowed = set(forbidden)
    allowed = {
        one.expression: [
            assessor
            for assessor in load
            if assessor not in one.assigned and (one.expression, assessor) not in not_allowed
        ]
        for one in expressions
    }
    given: dict[int, set[int]] = {one.expression: set() for one in expressions}
    unfilled: dict[int, Unfilled] = {}
    met: Counter[tuple[int, int]] = Counter()
    for one in sorted(expressions, key=lambda one: (len(one.assigned), one.expression)):
        missing = wanted - len(one.assigned)
        open_to = allowed[one.expression]
        if missing > len(open_to):
            unfilled[one.expression] = _why(one, load, not_allowed)
        places = min(missing, len(open_to))
        given[one.expression] = _readers(one.assigned, open_to, places, load, met)
    while _pass_on(given, allowed, load):
        pass
    pairs = [
        (expression, each) for expression in sorted(given) for each in sorted(given[expression])
    ]
    return Plan(pairs, unfilled)


def _readers(
    already: Collection[int],
    open_to: Sequence[int],
    places: int,
    load: dict[int, int],
    met: Counter[tuple[int, int]],
) -> set[int]:
    """Those to whom one expression is given beside those who have it ``already``; ``load`` and
    ``met``, how often two read the same, are kept up to date."""
    readers, left = set(already), set(open_to)
    for _place in range(places):
        assessor = min(left, key=lambda each: _preference(each, load, met, readers))
        met.update((assessor, other) for other in readers)
        met.update((other, assessor) for other in readers)
        readers.add(assessor)
        left.discard(assessor)
        load[assessor] += 1
    return readers - set(already)


def _preference(
    assessor: int,
    load: Mapping[int, int],
    met: Mapping[tuple[int, int], int],
    readers: Collection[int],
) -> tuple[int, int, int]:
    """The least first: who has the least to do, then who has read least with these ``readers``."""
    return load[assessor], sum(met[assessor, other] for other in readers), assessor


def _why(one: Wanting, load: Mapping[int, int], forbidden: Collection[tuple[int, int]]) -> Unfilled:
    if not load:
        return Unfilled.NO_ASSESSORS
    if any((one.expression, assessor) in forbidden for assessor in load):
        return Unfilled.CONFLICTS
    return Unfilled.TOO_FEW


def _pass_on(
    given: dict[int, set[int]], allowed: Mapping[int, Sequence[int]], load: dict[int, int]
) -> bool:
    """Make the loads more even along one chain; False when no chain does."""
    hands: dict[int, dict[int, int]] = {assessor: {} for assessor in load}
    for expression in sorted(given):
        for giver in given[expression]:
            for taker in allowed[expression]:
                if taker not in given[expression]:
                    hands[giver].setdefault(taker, expression)
    for start in sorted(load, key=lambda each: (-load[each], each)):
        chain = _chain(start, hands, load)
        if chain:
            for giver, taker, expression in chain:
                given[expression].discard(giver)
                given[expression].add(taker)
            load[start] -= 1
            load[chain[-1][1]] += 1
            return True
    return False


def _chain(
    start: int, hands: Mapping[int, Mapping[int, int]], load: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The shortest chain from ``start`` to somebody with at least two fewer, as its hand-overs:
    (giver, taker, expression)."""
    came_from: dict[int, tuple[int, int]] = {}
    waiting = deque([start])
    while waiting:
        giver = waiting.popleft()
        if load[start] - load[giver] >= 2:
            return _back(giver, start, came_from)
        for taker in sorted(hands[giver]):
            if taker != start and taker not in came_from:
                came_from[taker] = (giver, hands[giver][taker])
                waiting.append(taker)
    return []


def _back(
    end: int, start: int, came_from: Mapping[int, tuple[int, int]]
) -> list[tuple[int, int, int]]:
    steps = []
    while end != start:
        giver, expression = came_from[end]
        steps.append((giver, end, expression))
        end = giver
    return steps[::-1]
