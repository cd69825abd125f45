"""The questions of a section as the fields of a page, and back from what the page sends.

Each question has three fields: ``q<id>`` the answer, ``v<id>`` the version and ``f<id>`` the
fingerprint of the answer that was shown.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from . import questions
from .enums import QuestionKind
from .models import AnswerFile, Expression, Question
from .selectors import Line, Part
from .services import Conflict, Given, SaveOutcome

MOST_VERSION = 2_000_000_000
KEEPS = ("mine", "theirs", "both")


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
    carried_from: str = ""
    files: tuple[AnswerFile, ...] = ()
    # Shown as it was typed, and not saved: the page's script saves it.
    is_unsaved: bool = False

    @property
    def name(self) -> str:
        return f"q{self.question.pk}"

    @property
    def is_file(self) -> bool:
        return self.question.kind == QuestionKind.FILE

    @property
    def is_waiting(self) -> bool:
        """Whether one of its files is still with the scanner."""
        return any(file.is_waiting for file in self.files)

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
            (self.carried_from, "carried"),
            (self.error, "error"),
            (self.conflict, "conflict"),
            (self.question.word_limit, "info"),
        ]
        return " ".join(f"{self.name}-{suffix}" for there, suffix in parts if there)

    @property
    def can_keep_both(self) -> bool:
        return questions.can_be_together(self.question)

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
    shows what has to change before the section is finished. Without an outcome, ``sent`` is what
    was typed and never reached us (``stash``): it is shown as it was sent, version and all.
    """
    here = {line.question.pk: line.question for line in part.lines}
    return [
        _field(line, here, outcome, sent, strict)
        for line in part.lines
        if line.is_asked or (line.question.condition_id in here and not line.question.is_retired)
    ]


def _field(
    line: Line,
    here: dict[int, Question],
    outcome: SaveOutcome | None,
    sent: QueryDict | None,
    strict: bool,
) -> AnswerField:
    question = line.question
    condition = here.get(question.condition_id or 0)
    plain = AnswerField(
        question=question,
        value=line.value,
        version=line.version,
        fingerprint=questions.fingerprint(line.value),
        error=line.problem if strict and line.is_asked else "",
        asked_if=f"q{condition.pk}" if condition else "",
        asked_values=json.dumps(question.condition_values) if condition else "",
        asked_if_label=_opened_by(question, condition) if condition else "",
        carried_from=line.carried_from,
        files=line.files,
    )
    if sent is not None and outcome is None:
        return _as_typed(plain, sent)
    return _after(plain, outcome or SaveOutcome(), sent)


def _after(field: AnswerField, outcome: SaveOutcome, sent: QueryDict | None) -> AnswerField:
    """The field after a save: what met somebody else's text, or was refused, is still there."""
    pk = field.question.pk
    if conflict := outcome.conflicts.get(pk):
        return replace(field, value=conflict.mine, conflict=conflict)
    if pk in outcome.refused:
        value = field.value if sent is None or field.is_file else _typed(field, sent)
        return replace(field, value=value, error=outcome.refused[pk])
    return field


def _as_typed(field: AnswerField, sent: QueryDict) -> AnswerField:
    pk = field.question.pk
    if field.is_file or f"v{pk}" not in sent:
        return field
    typed, shown = _typed(field, sent), sent.get(f"f{pk}", "")[:64]
    if questions.fingerprint(typed) in {shown, field.fingerprint}:
        return field
    return replace(
        field,
        value=typed,
        version=version_from(sent.get(f"v{pk}", "")),
        fingerprint=shown,
        is_unsaved=True,
    )


def _typed(field: AnswerField, sent: QueryDict) -> Any:
    if field.question.kind == QuestionKind.CHOICES:
        return sent.getlist(field.name)
    return sent.get(field.name, "").replace("\r\n", "\n")


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


def file_field(question: Question, expression: Expression) -> AnswerField:
    """The field of a question that files answer."""
    files = tuple(AnswerFile.objects.filter(expression=expression, question=question))
    return AnswerField(question=question, value="", version=0, fingerprint="", files=files)


def given_from(sent: QueryDict, ids: Iterable[int]) -> dict[int, Given]:
    """What a page sent for the questions ``ids``; a question that it did not show is left out."""
    chosen, _colon, keep = sent.get("keep", "").partition(":")
    return {
        pk: Given(
            sent=sent.getlist(f"q{pk}"),
            version=version_from(sent.get(f"v{pk}", "")),
            fingerprint=sent.get(f"f{pk}", "")[:64],
            keep=keep if chosen == str(pk) and keep in KEEPS else "mine",
        )
        for pk in ids
        if f"v{pk}" in sent
    }


def version_from(text: str) -> int:
    """The version that a page sent; 0 for anything that is none."""
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return min(int(text), MOST_VERSION)
    return 0
