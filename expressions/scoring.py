"""The arithmetic of scores: weights, spread, and how strict each assessor is. Pure: no database.

All scores are on a scale of 0 to 100, whatever the call's highest score is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

# How much the readings are trusted over the wish that all assessors are equally strict: as if each
# had read this many more expressions and agreed with everybody about them.
RIDGE = 1.0


class Reading(NamedTuple):
    """What one assessor gave one expression, 0 to 100."""

    expression: int
    assessor: int
    score: float


@dataclass(frozen=True)
class ScoredExpression:
    """How an expression stands: all scores are 0 to 100, ``None`` while nobody has scored it.

    ``mean``: the mean of the finished assessments' weighted scores, ``by_assessor`` those
    themselves. ``spread``: their highest less their lowest, in points of 100. ``adjusted``: the
    mean after what is known of how strict its assessors are. ``component``: expressions with
    different numbers share no assessors, not even through others, so that their adjusted scores
    were found apart. ``moderated``: the score on which the panel agreed, which then stands.
    """

    expression_id: int
    mean: float | None = None
    by_assessor: dict[int, float] = field(default_factory=dict)
    spread: float = 0.0
    adjusted: float | None = None
    done: int = 0
    moderated: float | None = None
    component: int | None = None

    @property
    def score(self) -> float | None:
        """The score that stands: the agreed one, else the adjusted one."""
        return self.adjusted if self.moderated is None else self.moderated

    @property
    def raw(self) -> float | None:
        """The score that stands without adjustment: the agreed one, else the plain mean."""
        return self.mean if self.moderated is None else self.moderated


@dataclass(frozen=True)
class Severities:
    """What :func:`severities` found.

    ``strictness``: by assessor, how many points of 100 they give below the others (above zero for
    a strict one). ``component``: by assessor, the number of the group within which they can be
    compared.
    """

    strictness: dict[int, float]
    component: dict[int, int]

    @property
    def is_connected(self) -> bool:
        """Whether all assessors can be compared with one another."""
        return len(set(self.component.values())) <= 1


def weighted_score(
    points: Mapping[int, int], weights: Mapping[int, int], top_score: int
) -> float | None:
    """Points by criterion as one score from 0 to 100; ``None`` unless each criterion has points.

    ``weights``: by criterion, relative to one another; ``top_score``: the points for the best.
    """
    if not weights or not top_score or any(one not in points for one in weights):
        return None
    reached = sum(points[one] * weight for one, weight in weights.items())
    return 100 * reached / (top_score * sum(weights.values()))


def severities(readings: Sequence[Reading]) -> Severities:
    """How strict each assessor is, from the expressions that they share with others.

    An additive two-way model, as in many-facet rating (Linacre, *Many-Facet Rasch Measurement*,
    1989; here linear, as scores are treated as points of one scale): a score is the expression's
    worth, less the assessor's strictness, and noise. Fitted by least squares with a ridge
    penalty on strictness: ``sum((y - worth + strictness)^2) + RIDGE * sum(strictness^2)``.
    With the expressions' worths eliminated this is one small linear system whose matrix is the
    Laplacian of the graph of assessors tied by shared expressions, plus the ridge. So strictness
    sums to zero within each connected part of that graph and is drawn towards zero where an
    assessor shares little.

    Where the graph is not connected, nothing in the scores tells whether one part is stricter or
    has weaker expressions. Then strictness is found within each part, around the part's own mean,
    and ``component`` says who is in which.
    """
    assessors = sorted({reading.assessor for reading in readings})
    place = {assessor: number for number, assessor in enumerate(assessors)}
    matrix = np.diag(np.full(len(assessors), RIDGE))
    against = np.zeros(len(assessors))
    groups = _Groups(assessors)
    for together in _by_expression(readings).values():
        rows = np.array([place[reading.assessor] for reading in together])
        scores = np.array([reading.score for reading in together])
        matrix[np.ix_(rows, rows)] += np.eye(len(rows)) - 1 / len(rows)
        against[rows] += scores.mean() - scores
        groups.join([reading.assessor for reading in together])
    found = np.linalg.solve(matrix, against) if assessors else against
    return Severities(
        strictness={one: float(found[place[one]]) for one in assessors},
        component=groups.numbers(),
    )


def adjusted_scores(readings: Sequence[Reading], found: Severities) -> dict[int, float]:
    """By expression, the mean of its scores after taking out how strict its assessors are.

    Kept within 0 and 100.
    """
    return {
        expression: float(
            np.clip(
                np.mean([one.score + found.strictness[one.assessor] for one in together]), 0, 100
            )
        )
        for expression, together in _by_expression(readings).items()
    }


def score_all(
    expressions: Iterable[int],
    readings: Sequence[Reading],
    moderated: Mapping[int, float] | None = None,
) -> list[ScoredExpression]:
    """Each of ``expressions``, in their order, with what ``readings`` say of it.

    ``readings`` of one expression are by different assessors. ``moderated``: agreed scores.
    """
    found = severities(readings)
    adjusted = adjusted_scores(readings, found)
    together = _by_expression(readings)
    agreed = moderated or {}
    return [
        _scored(one, together.get(one, []), adjusted.get(one), agreed.get(one), found)
        for one in expressions
    ]


def score_one(
    expression: int, readings: Sequence[Reading], moderated: float | None, found: Severities
) -> ScoredExpression:
    """One expression with its own ``readings``, where ``found`` is known of the whole call."""
    adjusted = adjusted_scores(readings, found).get(expression)
    return _scored(expression, readings, adjusted, moderated, found)


def _scored(
    expression: int,
    readings: Sequence[Reading],
    adjusted: float | None,
    moderated: float | None,
    found: Severities,
) -> ScoredExpression:
    scores = [reading.score for reading in readings]
    if not scores:
        return ScoredExpression(expression, moderated=moderated)
    return ScoredExpression(
        expression_id=expression,
        mean=sum(scores) / len(scores),
        by_assessor={reading.assessor: reading.score for reading in readings},
        spread=max(scores) - min(scores),
        adjusted=adjusted,
        done=len(scores),
        moderated=moderated,
        component=found.component[readings[0].assessor],
    )


def _by_expression(readings: Iterable[Reading]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = {}
    for reading in readings:
        found.setdefault(reading.expression, []).append(reading)
    return found


class _Groups:
    """Who is tied to whom (union by the smallest)."""

    def __init__(self, members: Iterable[int]) -> None:
        self.above = {member: member for member in members}

    def _root(self, member: int) -> int:
        while self.above[member] != member:
            self.above[member] = self.above[self.above[member]]
            member = self.above[member]
        return member

    def join(self, members: Sequence[int]) -> None:
        first = min(self._root(member) for member in members)
        for member in members:
            self.above[self._root(member)] = first

    def numbers(self) -> dict[int, int]:
        """By member, the number of its group, counted from 0 in the members' order."""
        seen: dict[int, int] = {}
        return {
            member: seen.setdefault(self._root(member), len(seen)) for member in sorted(self.above)
        }
