"""Calls with their questions, the expressions that answer them, and how they are judged."""

from .assessment import Assessment, Conflict, Moderation, Score
from .calls import Call, CallChange, CallVersion, Criterion, MixTarget, Question, Section
from .expressions import Answer, Expression, SealOpening, SectionMark
from .files import AnswerFile, EarlierAnswer
from .plans import Plan

__all__ = [
    "Answer",
    "AnswerFile",
    "Assessment",
    "Call",
    "CallChange",
    "CallVersion",
    "Conflict",
    "Criterion",
    "EarlierAnswer",
    "Expression",
    "MixTarget",
    "Moderation",
    "Plan",
    "Question",
    "Score",
    "SealOpening",
    "Section",
    "SectionMark",
]
