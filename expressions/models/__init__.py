"""Calls with their questions, and the expressions of interest that answer them."""

from .calls import Call, Question, Section
from .expressions import Answer, Expression, SectionMark

__all__ = ["Answer", "Call", "Expression", "Question", "Section", "SectionMark"]
