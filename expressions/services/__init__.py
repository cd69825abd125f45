"""Writes about calls and expressions of interest, by the part of the work they are for."""

from .writing import Conflict, Given, SaveOutcome, mark_section, save_answers, start_expression

__all__ = ["Conflict", "Given", "SaveOutcome", "mark_section", "save_answers", "start_expression"]
