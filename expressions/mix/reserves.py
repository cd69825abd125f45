"""Who stands in for each chosen one, so that the mix stays."""

from collections.abc import Collection, Sequence

import numpy as np

from .problem import HIGHEST, UNITS, Kind, Problem
from .solver import INFINITE, Column, Row, maximise


def swaps(
    problem: Problem, chosen: Collection[int], leaving: int, most: int | None = None
) -> list[int]:
    """Who could take the place of ``leaving`` with every constraint kept, the best first.

    That ``leaving`` must be chosen no longer counts: they have dropped out. ``most``: how many.
    """
    staying = [one for one in chosen if one != leaving]
    taken = set(chosen)
    checks = [
        (one, problem.count(one, staying))
        for one in problem.constraints
        if not (one.kind == Kind.MUST and one.candidate == leaving)
    ]
    found: list[int] = []
    for each in problem.candidates:
        if each.id in taken:
            continue
        if all(one.holds_for(count + one.covers(each)) for one, count in checks):
            found.append(each.id)
            if most is not None and len(found) == most:
                break
    return found


def reserves(problem: Problem, chosen: Sequence[int]) -> dict[int, int | None]:
    """By chosen id its own reserve, no reserve standing for two; ``None`` where there is none.

    As many places as can be have a reserve, and of all such pairings it is the one whose reserves
    have the most score (an assignment problem). Each reserve keeps every constraint when the one
    it stands for drops out alone.
    """
    # With as many to choose from as there are places, no better pairing is lost.
    options = {one: swaps(problem, chosen, one, len(chosen)) for one in chosen}
    pairs = [(place, reserve) for place in chosen for reserve in options[place]]
    if not pairs:
        return dict.fromkeys(chosen)
    columns, rows = _assignment(problem, pairs)
    found = maximise(columns, rows)
    taken = dict(pair for pair, one in zip(pairs, _shown(found, len(pairs)), strict=True) if one)
    return {one: taken.get(one) for one in chosen}


def _assignment(
    problem: Problem, pairs: Sequence[tuple[int, int]]
) -> tuple[list[Column], list[Row]]:
    units = [problem.by_id[reserve].units for _place, reserve in pairs]
    # To fill one place more is worth more than any score.
    worth = (max(units) - min(units) + 1) * (len({place for place, _one in pairs}) + 1)
    worth = min(worth, HIGHEST * UNITS)
    columns = [Column(float(worth + one - min(units))) for one in units]
    rows = []
    for side in (0, 1):
        numbers: dict[int, list[int]] = {}
        for number, pair in enumerate(pairs):
            numbers.setdefault(pair[side], []).append(number)
        rows += [Row(these, -INFINITE, 1.0) for these in numbers.values()]
    return columns, rows


def _shown(found: np.ndarray | None, size: int) -> Sequence[bool]:
    return [False] * size if found is None else [bool(one > 0.5) for one in found]
