"""The questions of a section as the fields of a page, and back from what the page sends.

Each question has three fields: ``q<id>`` the answer, ``v<id>`` the version and ``f<id>`` the
fingerprint of the answer that was shown.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from . import questions
from .enums import QuestionKind
from .models import Question
from .selectors import Line, Part
from .services import Conflict, Given, SaveOutcome

MOST_VERSION = 2_000_000_000


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    id: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class AnswerField:
    """A question on the page, with what is shown in its field."""

    question: Question
    value: Any
    version: int
    fingerprint: str
    error: str = ""
    conflict: Conflict | None = None
    asked_if: str = ""
    asked_values: str = ""
    asked_if_label: str = ""

    @property
    def name(self) -> str:
        return f"q{self.question.pk}"

    @property
    def is_group(self) -> bool:
        return self.question.kind in questions.CHOICE_KINDS

    @property
    def is_optional(self) -> bool:
        return not self.question.is_required and not self.question.required_from_model

    @property
    def first_id(self) -> str:
        """The id of the control that an error links to."""
        return f"{self.name}-0" if self.is_group else self.name

    @property
    def input_type(self) -> str:
        return "checkbox" if self.question.kind == QuestionKind.CHOICES else "radio"

    @property
    def shown(self) -> str:
        return "" if questions.is_empty(self.value) else str(self.value)

    @property
    def options(self) -> list[Option]:
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [
            Option(f"{self.name}-{number}", value, label, value in chosen)
            for number, (value, label) in enumerate(questions.options(self.question))
        ]

    @property
    def described_by(self) -> str:
        parts = [
            (self.question.help, "hint"),
            (self.asked_if_label, "only"),
            (self.error, "error"),
            (self.conflict, "conflict"),
            (self.question.word_limit, "info"),
        ]
        return " ".join(f"{self.name}-{suffix}" for there, suffix in parts if there)

    @property
    def theirs(self) -> str:
        """The other writer's answer in words."""
        if self.conflict is None:
            return ""
        return questions.in_words(self.question, self.conflict.theirs)


def shown_fields(
    part: Part, outcome: SaveOutcome | None = None, sent: QueryDict | None = None, *, strict: bool
) -> list[AnswerField]:
    """The fields of a section: those asked, and those that an answer on this page may open.

    After a save that was not clean, ``sent`` is shown again beside what went wrong; ``strict``
    shows what has to change before the section is finished.
    """
    here = {line.question.pk: line.question for line in part.lines}
    return [
        _field(line, here, outcome or SaveOutcome(), sent, strict)
        for line in part.lines
        if line.is_asked or (line.question.condition_id in here and not line.question.is_retired)
    ]


def _field(
    line: Line,
    here: dict[int, Question],
    outcome: SaveOutcome,
    sent: QueryDict | None,
    strict: bool,
) -> AnswerField:
    question = line.question
    conflict = outcome.conflicts.get(question.pk)
    refused = outcome.refused.get(question.pk, "")
    value = line.value
    if conflict:
        value = conflict.mine
    elif refused and sent is not None:
        value = sent.get(f"q{question.pk}", "")
    condition = here.get(question.condition_id or 0)
    return AnswerField(
        question=question,
        value=value,
        version=line.version,
        fingerprint=questions.fingerprint(line.value),
        error=refused or (line.problem if strict and line.is_asked else ""),
        conflict=conflict,
        asked_if=f"q{condition.pk}" if condition else "",
        asked_values=json.dumps(question.condition_values) if condition else "",
        asked_if_label=_opened_by(question, condition) if condition else "",
    )


def _opened_by(question: Question, condition: Question) -> str:
    labels = dict(questions.options(condition))
    return ", ".join(labels.get(value, value) for value in question.condition_values)


def conflict_field(conflict: Conflict) -> AnswerField:
    """The field of one answer that somebody else has changed meanwhile."""
    return AnswerField(
        question=conflict.question,
        value=conflict.mine,
        version=conflict.version,
        fingerprint=questions.fingerprint(conflict.theirs),
        conflict=conflict,
    )


def given_from(sent: QueryDict, ids: Iterable[int]) -> dict[int, Given]:
    """What a page sent for the questions ``ids``; a question that it did not show is left out."""
    return {
        pk: Given(
            sent=sent.getlist(f"q{pk}"),
            version=_version(sent.get(f"v{pk}", "")),
            fingerprint=sent.get(f"f{pk}", "")[:64],
        )
        for pk in ids
        if f"v{pk}" in sent
    }


def _version(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return min(int(text), MOST_VERSION)
    return 0
