"""Calls with their questions, the expressions that answer them, and how they are judged."""

from .assessment import Assessment, Conflict, Moderation, Score
from .calls import Call, CallVersion, Criterion, MixTarget, Question, Section
from .expressions import Answer, Expression, SectionMark

__all__ = [
    "Answer",
    "Assessment",
    "Call",
    "CallVersion",
    "Conflict",
    "Criterion",
    "Expression",
    "MixTarget",
    "Moderation",
    "Question",
    "Score",
    "Section",
    "SectionMark",
]
