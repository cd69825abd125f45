"""The states of calls and expressions: the tables, and one function for each step."""

from .calls import (
    CallNotOpen,
    NotReady,
    archive_call,
    call_not_open,
    close_call,
    close_due_calls,
    decide_call,
    open_call,
    start_assessing,
    start_deciding,
)
from .tables import CALL_STEPS, CHOSEN_AMONG, PROPOSED, STEPS
from .writing import NotComplete, mark_eligible, mark_ineligible, submit, withdraw

__all__ = [
    "CALL_STEPS",
    "CHOSEN_AMONG",
    "PROPOSED",
    "STEPS",
    "CallNotOpen",
    "NotComplete",
    "NotReady",
    "archive_call",
    "call_not_open",
    "close_call",
    "close_due_calls",
    "decide_call",
    "mark_eligible",
    "mark_ineligible",
    "open_call",
    "start_assessing",
    "start_deciding",
    "submit",
    "withdraw",
]
