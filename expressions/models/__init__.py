"""Calls with their questions, the expressions that answer them, and how they are judged."""

from .assessment import Assessment, Conflict, Moderation, Score
from .calls import Call, CallChange, CallVersion, Criterion, MixTarget, Question, Section
from .deciding import CarriedOver, Decision, Letter, LetterTemplate, Resending
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
    "CarriedOver",
    "Conflict",
    "Criterion",
    "Decision",
    "EarlierAnswer",
    "Expression",
    "Letter",
    "LetterTemplate",
    "MixTarget",
    "Moderation",
    "Plan",
    "Question",
    "Resending",
    "Score",
    "SealOpening",
    "Section",
    "SectionMark",
]
