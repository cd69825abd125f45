"""The states of calls and expressions: the tables, and one function for each step."""

from .calls import CallNotOpen, call_not_open, close_call, close_due_calls, open_call
from .tables import CALL_STEPS, CHOSEN_AMONG, PROPOSED, STEPS
from .writing import NotComplete, mark_eligible, mark_ineligible, submit, withdraw

__all__ = [
    "CALL_STEPS",
    "CHOSEN_AMONG",
    "PROPOSED",
    "STEPS",
    "CallNotOpen",
    "NotComplete",
    "call_not_open",
    "close_call",
    "close_due_calls",
    "mark_eligible",
    "mark_ineligible",
    "open_call",
    "submit",
    "withdraw",
]
