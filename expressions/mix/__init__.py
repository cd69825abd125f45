"""The mix planner's arithmetic. Pure: no database, no Django.

The best set of expressions for the places of a call that keeps to every line of the wanted mix;
what each line costs; why lines cannot be kept together; who is in reserve for each place; how
firmly each stands when other assessors had scored. See docs/mix-planner.md.
"""

from .comparing import Difference, compare
from .conflicts import Change, Conflict, explain
from .problem import Bound, Candidate, Constraint, Kind, Problem
from .reserves import reserves, swaps
from .solver import Best, NotProved, best_set, prices, within
from .stability import shares_of_draws

__all__ = [
    "Best",
    "Bound",
    "Candidate",
    "Change",
    "Conflict",
    "Constraint",
    "Difference",
    "Kind",
    "NotProved",
    "Problem",
    "best_set",
    "compare",
    "explain",
    "prices",
    "reserves",
    "shares_of_draws",
    "swaps",
    "within",
]
