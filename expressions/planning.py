"""From a plan's lines and the candidates to what is shown and kept. No database.

What is worked out is plain JSON, so that it can be frozen with the plan.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import mix
from .mix import Bound, Candidate, Constraint, Kind, Problem

# What the mix is counted by that is a plain yes.
YES = "yes"
DRAWS = 200


@dataclass(frozen=True)
class Asked:
    """What a plan asks. ``lines``: (dimension, value, least, most or none) each."""

    places: int
    lines: Sequence[Sequence[Any]] = ()
    must: Sequence[int] = ()
    must_not: Sequence[int] = ()


def problem_of(asked: Asked, candidates: Sequence[Candidate]) -> Problem:
    """The problem to solve. Somebody named who is a candidate no longer is left out."""
    known = {one.id for one in candidates}
    return Problem.of(
        candidates,
        asked.places,
        [Bound(*line) for line in asked.lines],
        must=known & set(asked.must),
        must_not=known & set(asked.must_not),
    )


def mark_of(one: Candidate) -> str:
    """A short mark of one candidate: alike while its score and what it counts for stay so."""
    counts = {key: sorted(found) for key, found in sorted(one.attributes.items())}
    text = json.dumps([one.units, counts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def digest_of(asked: Asked, candidates: Sequence[Candidate]) -> str:
    """A mark of all that a result hangs on: the same for the same question."""
    rows = [
        [one.id, one.units, {key: sorted(found) for key, found in sorted(one.attributes.items())}]
        for one in sorted(candidates, key=lambda one: one.id)
    ]
    lines = sorted([list(line) for line in asked.lines], key=str)
    named = [sorted(asked.must), sorted(asked.must_not)]
    text = json.dumps([asked.places, lines, named, rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def work_out(asked: Asked, candidates: Sequence[Candidate], seconds: float) -> dict[str, Any]:
    """The best set with prices and reserves, or why there is none, in ``seconds`` for all of it.

    ``status``: "best", "conflict", "too_few" or "unproved" (the time ran out).
    """
    with mix.within(seconds):
        return _worked_out(asked, candidates)


def _worked_out(asked: Asked, candidates: Sequence[Candidate]) -> dict[str, Any]:
    problem = problem_of(asked, candidates)
    found: dict[str, Any] = {"candidates": len(candidates), "gone": _gone(asked, candidates)}
    try:
        best = mix.best_set(problem)
        if best is None:
            return found | _refusal(problem)
        prices = mix.prices(problem, best)
        reserves = mix.reserves(problem, best.chosen)
    except mix.NotProved:
        return found | {"status": "unproved"}
    return found | {
        "status": "best",
        "chosen": list(best.chosen),
        "score": best.score,
        "scores": _scores(problem, [*best.chosen, *(one for one in reserves.values() if one)]),
        "prices": [[_plain(one), price] for one, price in prices.items()],
        "reserves": {str(one): reserve for one, reserve in reserves.items()},
        "mix": counts(problem, asked.lines, best.chosen),
    }


def _gone(asked: Asked, candidates: Sequence[Candidate]) -> list[int]:
    known = {one.id for one in candidates}
    return sorted(set(asked.must) - known)


def _refusal(problem: Problem) -> dict[str, Any]:
    conflict = mix.explain(problem)
    if conflict is None or not conflict.together:
        return {"status": "too_few"}
    nearest = conflict.nearest
    return {
        "status": "conflict",
        "together": [_plain(one) for one in conflict.together],
        "changes": [[_plain(one.constraint), one.short_by] for one in conflict.changes],
        "nearest": nearest.score if nearest else None,
    }


def counts(
    problem: Problem, lines: Sequence[Sequence[Any]], chosen: Sequence[int]
) -> list[list[Any]]:
    """Each line with how many of ``chosen`` count for it."""
    found = []
    for dimension, value, least, most in lines:
        number = sum(problem.by_id[one].counts_for(dimension, value) for one in chosen)
        found.append([dimension, value, least, most, number])
    return found


def _scores(problem: Problem, ids: Sequence[int]) -> dict[str, float]:
    return {str(one): problem.by_id[one].score for one in ids}


def _plain(one: Constraint) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "dimension": one.dimension,
        "value": one.value,
        "number": one.number,
        "candidate": one.candidate,
    }


def constraint_of(plain: Mapping[str, Any]) -> Constraint:
    """The constraint that a result holds as JSON."""
    return Constraint(**{**plain, "kind": Kind(plain["kind"])})


def firmness(
    asked: Asked,
    candidates: Sequence[Candidate],
    readings: Mapping[int, Mapping[int, float]],
    seconds: float,
) -> dict[str, float]:
    """By expression that is chosen in any draw of assessors, in what share of them.

    Empty where ``seconds`` are too few.
    """
    try:
        with mix.within(seconds):
            shares = mix.shares_of_draws(problem_of(asked, candidates), readings, draws=DRAWS)
    except mix.NotProved:
        return {}
    return {str(one): round(share, 4) for one, share in shares.items() if share}
