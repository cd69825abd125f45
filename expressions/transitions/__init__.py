"""The states of calls and expressions: the tables, and one function for each step."""

from .assessing import (
    ASSESSMENT_STEPS,
    ScoresMissing,
    assign_again,
    finish_assessment,
    finish_scoring,
    longlist,
    release_ended,
    scoring_closed,
    stand_down,
)
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
from .deciding import accept, call_up, make_project, propose, turn_down
from .tables import CALL_STEPS, CHOSEN_AMONG, PROPOSED, STEPS
from .writing import NotComplete, mark_eligible, mark_ineligible, submit, withdraw

__all__ = [
    "ASSESSMENT_STEPS",
    "CALL_STEPS",
    "CHOSEN_AMONG",
    "PROPOSED",
    "STEPS",
    "CallNotOpen",
    "NotComplete",
    "NotReady",
    "ScoresMissing",
    "accept",
    "archive_call",
    "assign_again",
    "call_not_open",
    "call_up",
    "close_call",
    "close_due_calls",
    "decide_call",
    "finish_assessment",
    "finish_scoring",
    "longlist",
    "make_project",
    "mark_eligible",
    "mark_ineligible",
    "open_call",
    "propose",
    "release_ended",
    "scoring_closed",
    "stand_down",
    "start_assessing",
    "start_deciding",
    "submit",
    "turn_down",
    "withdraw",
]
