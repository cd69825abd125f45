"""A form as its applicants would see it, without a row of it in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from .. import questions
from ..models import Question, Section
from ..selectors import Line, Part
from .document import QUESTION_FIELDS, SECTION_TEXTS, Document


def parts(form: Document, sent: Mapping[str, Sequence[str]] | None = None) -> list[Part]:
    """The sections of ``form`` with what was ``sent`` from the preview, by field name.

    The questions carry numbers from 1 in place of keys of rows; nothing is saved.
    """
    numbered: dict[str, Question] = {}
    values: dict[int, Any] = {}
    return [
        Part(
            section=Section(
                pk=place, order=place, **{name: section[name] for name in SECTION_TEXTS}
            ),
            lines=[
                _line(_question(one, numbered), values, sent or {}) for one in section["questions"]
            ],
        )
        for place, section in enumerate(form["sections"], start=1)
    ]


def _question(document: Document, numbered: dict[str, Question]) -> Question:
    question = Question(pk=len(numbered) + 1, key=document["key"])
    for name in QUESTION_FIELDS:
        setattr(question, name, document[name])
    condition = document["condition"]
    if condition and condition["question"] in numbered:
        question.condition_id = numbered[condition["question"]].pk
        question.condition_values = condition["answers"]
    numbered[document["key"]] = question
    return question


def _line(question: Question, values: dict[int, Any], sent: Mapping[str, Sequence[str]]) -> Line:
    try:
        value = questions.read(question, sent.get(f"q{question.pk}", []))
        problem = ""
    except questions.UnreadableAnswer as error:
        value, problem = "", str(error)
    asked = questions.is_asked(question, values)
    if asked:
        values[question.pk] = value
        problem = problem or questions.problem(question, value, "")
    return Line(
        question=question,
        value=value,
        version=0,
        is_asked=asked,
        problem=problem if asked else "",
    )
