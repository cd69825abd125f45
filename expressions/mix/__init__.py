"""The mix planner's model: a real mix of places, chosen exactly. Pure: no database, no Django."""

from .conflict import Conflict, smallest_conflict
from .findings import (
    Findings,
    Price,
    find,
    prices,
    reserves,
    stability,
)
from .problem import Candidate, Kind, Limit, NotAProblem, Problem
from .solver import TookTooLong, best_set

__all__ = [
    "Candidate",
    "Conflict",
    "Findings",
    "Kind",
    "Limit",
    "NotAProblem",
    "Price",
    "Problem",
    "TookTooLong",
    "best_set",
    "find",
    "prices",
    "reserves",
    "smallest_conflict",
    "stability",
]
