"""Two choices side by side."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """Who is in both, and who in one alone; ids in order."""

    both: tuple[int, ...]
    first_only: tuple[int, ...]
    second_only: tuple[int, ...]


def compare(first: Collection[int], second: Collection[int]) -> Difference:
    """How two sets of ids differ."""
    one, other = set(first), set(second)
    return Difference(
        tuple(sorted(one & other)), tuple(sorted(one - other)), tuple(sorted(other - one))
    )
