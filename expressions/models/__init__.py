"""Calls with their questions, the expressions that answer them, and how they are judged."""

from .assessment import Assessment, Conflict, Score
from .calls import Call, CallVersion, Criterion, MixTarget, Question, Section
from .expressions import Answer, Expression, SectionMark
from .files import AnswerFile, EarlierAnswer

__all__ = [
    "Answer",
    "AnswerFile",
    "Assessment",
    "Call",
    "CallVersion",
    "Conflict",
    "Criterion",
    "EarlierAnswer",
    "Expression",
    "MixTarget",
    "Question",
    "Score",
    "Section",
    "SectionMark",
]
