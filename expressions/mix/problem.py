"""What is asked: candidates, places, and the lines of the mix."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

# Scores are reckoned in whole thousandths of a point, so that totals are exact and ties are ties.
UNITS = 1000
HIGHEST = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """Somebody who could have a place.

    ``attributes``: by dimension the values that it counts for; one of several nations or topics
    counts for each of them.
    """

    id: int
    score: float
    attributes: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.score) or abs(self.score) > HIGHEST:
            raise ValueError(f"the score of {self.id} is no score: {self.score}")

    @property
    def units(self) -> int:
        """The score in whole thousandths of a point."""
        return round(self.score * UNITS)

    def counts_for(self, dimension: str, value: str) -> bool:
        return value in self.attributes.get(dimension, ())


@dataclass(frozen=True)
class Bound:
    """A line of the mix: at least and at most how many places go to ``value``."""

    dimension: str
    value: str
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < 0):
            raise ValueError("a line of the mix is below zero")


class Kind(StrEnum):
    LEAST = "least"
    MOST = "most"
    MUST = "must"
    MUST_NOT = "must_not"


@dataclass(frozen=True, order=True)
class Constraint:
    """One half of a line, or one candidate who must or must not be chosen.

    ``number``: how many for ``least`` and ``most``; ``candidate``: an id for the other two.
    """

    kind: Kind
    dimension: str = ""
    value: str = ""
    number: int = 0
    candidate: int = 0

    def covers(self, candidate: Candidate) -> bool:
        """Whether the choice of ``candidate`` counts for this."""
        if self.kind in (Kind.LEAST, Kind.MOST):
            return candidate.counts_for(self.dimension, self.value)
        return candidate.id == self.candidate

    @property
    def lower(self) -> int:
        """At least so many of those it covers are chosen."""
        return {Kind.LEAST: self.number, Kind.MUST: 1}.get(self.kind, 0)

    @property
    def upper(self) -> int | None:
        """At most so many of those it covers are chosen."""
        return {Kind.MOST: self.number, Kind.MUST_NOT: 0}.get(self.kind)

    def holds_for(self, count: int) -> bool:
        """Whether it is kept when ``count`` of those it covers are chosen."""
        return count >= self.lower and (self.upper is None or count <= self.upper)


@dataclass(frozen=True)
class Problem:
    """Fill exactly ``places`` from ``candidates``, by every constraint, with the most score."""

    candidates: tuple[Candidate, ...]
    places: int
    constraints: tuple[Constraint, ...] = ()

    def __post_init__(self) -> None:
        ids = [one.id for one in self.candidates]
        if len(set(ids)) != len(ids):
            raise ValueError("a candidate is there twice")
        if self.places < 0:
            raise ValueError("there are fewer than no places")
        named = {one.candidate for one in self.constraints if one.candidate}
        if named - set(ids):
            raise ValueError("somebody is named who is no candidate")

    @classmethod
    def of(
        cls,
        candidates: Iterable[Candidate],
        places: int,
        bounds: Iterable[Bound] = (),
        *,
        must: Iterable[int] = (),
        must_not: Iterable[int] = (),
    ) -> "Problem":
        """The problem with each bound cut into its two halves; halves that ask nothing are left
        out. The order of ``candidates`` does not matter."""
        halves = []
        for one in bounds:
            if one.least:
                halves.append(Constraint(Kind.LEAST, one.dimension, one.value, one.least))
            if one.most is not None:
                halves.append(Constraint(Kind.MOST, one.dimension, one.value, one.most))
        halves += [Constraint(Kind.MUST, candidate=one) for one in sorted(set(must))]
        halves += [Constraint(Kind.MUST_NOT, candidate=one) for one in sorted(set(must_not))]
        ordered = sorted(candidates, key=lambda one: (-one.units, one.id))
        return cls(tuple(ordered), places, tuple(dict.fromkeys(halves)))

    @cached_property
    def by_id(self) -> dict[int, Candidate]:
        return {one.id: one for one in self.candidates}

    def without(self, dropped: Constraint) -> "Problem":
        kept = tuple(one for one in self.constraints if one != dropped)
        return Problem(self.candidates, self.places, kept)

    def units_of(self, chosen: Iterable[int]) -> int:
        return sum(self.by_id[one].units for one in chosen)

    def score_of(self, chosen: Iterable[int]) -> float:
        return self.units_of(chosen) / UNITS

    def count(self, constraint: Constraint, chosen: Iterable[int]) -> int:
        """How many of ``chosen`` the constraint covers."""
        return sum(constraint.covers(self.by_id[one]) for one in chosen)

    def is_kept_by(self, chosen: Collection[int]) -> bool:
        """Whether ``chosen`` fills the places and keeps every constraint."""
        return len(chosen) == self.places and all(
            one.holds_for(self.count(one, chosen)) for one in self.constraints
        )
