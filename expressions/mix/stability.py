"""How firmly each stands: what would be chosen had other assessors scored.

A bootstrap over assessors (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993): each
draw takes as many assessors as there are, with replacement; who is drawn twice counts twice.
"""

from collections.abc import Mapping

import numpy as np

from .problem import UNITS, Problem
from .solver import Matrix

DRAWS = 200


def shares_of_draws(
    problem: Problem,
    readings: Mapping[int, Mapping[int, float]],
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> dict[int, float]:
    """By candidate id, the share (0 to 1) of ``draws`` in whose best set it is.

    ``readings``: by candidate id, each assessor's score. Where none of a candidate's assessors is
    drawn, or it has no readings since a panel agreed on its score, its own score stands.
    The same ``seed`` gives the same shares. Empty where no draw has an answer, since whether there
    is one does not hang on scores.
    """
    assessors = sorted({one for scores in readings.values() for one in scores})
    place = {one: number for number, one in enumerate(assessors)}
    given = np.zeros((len(problem.candidates), len(assessors)))
    has = np.zeros_like(given)
    for row, each in enumerate(problem.candidates):
        for assessor, score in readings.get(each.id, {}).items():
            given[row, place[assessor]] = score
            has[row, place[assessor]] = 1.0
    matrix = Matrix(problem)
    own = matrix.units / UNITS
    chance = np.random.default_rng(seed)
    times = np.zeros(len(problem.candidates))
    for _draw in range(draws):
        found = matrix.best(units=_drawn(given, has, own, chance))
        if found is None:
            return {}
        times[found[1]] += 1
    return {each.id: times[row] / draws for row, each in enumerate(problem.candidates)}


def _drawn(
    given: np.ndarray, has: np.ndarray, own: np.ndarray, chance: np.random.Generator
) -> np.ndarray:
    size = given.shape[1]
    weight = np.bincount(chance.integers(size, size=size), minlength=size) if size else np.zeros(0)
    counted = has @ weight
    means = np.where(counted > 0, (given * has) @ weight / np.maximum(counted, 1), own)
    return np.rint(means * UNITS).astype(np.int64)
