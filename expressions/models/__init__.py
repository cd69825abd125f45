"""Calls with their questions, the expressions that answer them, and how they are judged."""

from .assessment import Assessment, Conflict, Score
from .calls import Call, CallChange, CallVersion, Criterion, MixTarget, Question, Section
from .expressions import Answer, Expression, SealOpening, SectionMark

__all__ = [
    "Answer",
    "Assessment",
    "Call",
    "CallChange",
    "CallVersion",
    "Conflict",
    "Criterion",
    "Expression",
    "MixTarget",
    "Question",
    "Score",
    "SealOpening",
    "Section",
    "SectionMark",
]
