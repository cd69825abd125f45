"""What is to be chosen, and what the choice must hold to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Scores are compared to the thousandth of a point: as whole numbers, sums of them are exact.
GRAIN = 1000


class NotAProblem(ValueError):
    """What was asked contradicts itself in form, as a most below its least. ``str()`` says how."""


class Kind(StrEnum):
    """The kinds of limit."""

    PLACES = "places"
    LEAST = "least"
    MOST = "most"
    MUST = "must"
    MUST_NOT = "must_not"


@dataclass(frozen=True)
class Candidate:
    """One expression that could get a place.

    ``score``: 0 to 100. ``traits``: what it counts for, as pairs such as ("nation", "wales"); it
    may have several of one dimension.
    """

    id: int
    score: float
    traits: frozenset[tuple[str, str]] = frozenset()

    @property
    def points(self) -> int:
        """The score as a whole number, in thousandths of a point."""
        return round(self.score * GRAIN)


@dataclass(frozen=True, order=True)
class Limit:
    """One thing that the chosen set must hold to; the smallest thing that can be let go.

    ``PLACES``: exactly ``number`` chosen. ``LEAST``/``MOST``: of the candidates with the trait
    (``dimension``, ``value``) at least or at most ``number``. ``MUST``/``MUST_NOT``: candidate
    ``number`` is chosen, or is not.
    """

    kind: Kind
    number: int
    dimension: str = ""
    value: str = ""

    @property
    def trait(self) -> tuple[str, str]:
        return (self.dimension, self.value)

    def coefficients(self, candidates: Iterable[Candidate]) -> list[int]:
        """The places in ``candidates`` that count towards this limit."""
        if self.kind == Kind.PLACES:
            return [place for place, _one in enumerate(candidates)]
        if self.kind in {Kind.MUST, Kind.MUST_NOT}:
            return [place for place, one in enumerate(candidates) if one.id == self.number]
        return [place for place, one in enumerate(candidates) if self.trait in one.traits]

    @property
    def least(self) -> int | None:
        """How many of those that count must be chosen at least, if any number is set."""
        if self.kind in {Kind.PLACES, Kind.LEAST}:
            return self.number
        return 1 if self.kind == Kind.MUST else None

    @property
    def most(self) -> int | None:
        """How many of those that count may be chosen at most, if any number is set."""
        if self.kind in {Kind.PLACES, Kind.MOST}:
            return self.number
        return 0 if self.kind == Kind.MUST_NOT else None

    def holds(self, chosen: Iterable[Candidate]) -> bool:
        """Whether a chosen set keeps to it."""
        count = len(self.coefficients(list(chosen)))
        return (self.least is None or count >= self.least) and (
            self.most is None or count <= self.most
        )


@dataclass(frozen=True)
class Problem:
    """Choose from ``candidates`` a set that keeps to all ``limits`` and scores the most.

    Errors: ``NotAProblem``.
    """

    candidates: tuple[Candidate, ...]
    limits: tuple[Limit, ...]
    by_id: Mapping[int, Candidate] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {one.id: one for one in self.candidates})
        if len(self.by_id) < len(self.candidates):
            raise NotAProblem("a candidate twice")
        if any(not 0 <= one.score <= 100 for one in self.candidates):
            raise NotAProblem("a score that is not between 0 and 100")
        if any(limit.number < 0 for limit in self.limits):
            raise NotAProblem("a number below zero")
        twice = [one for one, times in Counter(self.limits).items() if times > 1]
        if twice or sum(limit.kind == Kind.PLACES for limit in self.limits) != 1:
            raise NotAProblem("a limit twice, or not one number of places")
        for limit in self.limits:
            if limit.kind in {Kind.MUST, Kind.MUST_NOT} and limit.number not in self.by_id:
                raise NotAProblem("a named expression that cannot be chosen")

    @property
    def places(self) -> int:
        return next(limit.number for limit in self.limits if limit.kind == Kind.PLACES)

    def chosen(self, ids: Iterable[int]) -> list[Candidate]:
        return [self.by_id[one] for one in ids]

    def is_kept_by(self, ids: Iterable[int]) -> bool:
        """Whether the set keeps to every limit."""
        chosen = self.chosen(ids)
        return all(limit.holds(chosen) for limit in self.limits)
