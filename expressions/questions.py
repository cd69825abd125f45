"""What an answer is, by kind of question: reading what was sent, checking it, showing it.

Reading is generous, since words must never be lost: an answer that is too long or no number yet
is kept as it was typed. Checking says what has to change before the expression can be sent in.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.forms import count_words

from .enums import QuestionKind
from .models import AnswerFile, Question

MOST_CHARACTERS = 30_000
MOST_CHARACTERS_SHORT = 500
CHOICE_KINDS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO})


class UnreadableAnswer(Exception):
    """What was sent cannot be kept. ``str()`` says why and is fit to be shown."""


def options(question: Question) -> list[tuple[str, str]]:
    """(value, label) of what can be chosen."""
    if question.kind == QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(choice["value"], choice["label"]) for choice in question.choices]


def read(question: Question, sent: Sequence[str]) -> Any:
    """The value to keep for what a browser ``sent``. Errors: ``UnreadableAnswer``."""
    texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in sent]
    if question.kind in CHOICE_KINDS:
        known = {value for value, _label in options(question)}
        chosen = [text for text in dict.fromkeys(texts) if text]
        if not known.issuperset(chosen):
            raise UnreadableAnswer(_("This is not one of the answers to choose from."))
        if question.kind == QuestionKind.CHOICES:
            return chosen
        return chosen[-1] if chosen else ""
    text = texts[-1].strip() if texts else ""
    _check_storable(question, text)
    return text


def _check_storable(question: Question, text: str) -> None:
    most = MOST_CHARACTERS if question.kind == QuestionKind.LONG else MOST_CHARACTERS_SHORT
    if len(text) > most:
        raise UnreadableAnswer(
            _("Your answer is too long to be kept: the most is %(most)s characters.")
            % {"most": f"{most:,}"}
        )
    if any(sign == "\0" or unicodedata.category(sign) == "Cs" for sign in text):
        raise UnreadableAnswer(
            _("This contains a character that cannot be saved. Paste it again as plain text.")
        )


def is_empty(value: Any) -> bool:
    """Whether there is no answer."""
    return value is None or value in ("", [])


def is_asked(question: Question, values: Mapping[int, Any]) -> bool:
    """Whether the earlier answers let ``question`` be asked. ``values``: by question id."""
    if question.condition_id is None:
        return True
    given = values.get(question.condition_id)
    answers = given if isinstance(given, list) else [given]
    return any(answer in question.condition_values for answer in answers)


def is_needed(question: Question, delivery_model: str) -> bool:
    """Whether an answer must be there before sending in."""
    if question.required_from_model:
        return delivery_model in question.required_from_model
    return question.is_required


def problem(question: Question, value: Any, delivery_model: str) -> str:
    """What has to change before sending in; nothing when the answer is right."""
    if is_empty(value):
        if not is_needed(question, delivery_model):
            return ""
        is_file = question.kind == QuestionKind.FILE
        return _("This question needs a file") if is_file else _("This question needs an answer")
    if question.kind == QuestionKind.FILE:
        return ""
    if question.kind == QuestionKind.NUMBER:
        return "" if _as_number(value) is not None else _("Enter a number, such as 12")
    if question.word_limit:
        over = count_words(str(value)) - question.word_limit
        if over > 0:
            return ngettext(
                "Your answer is %(over)s word too long; the most is %(most)s",
                "Your answer is %(over)s words too long; the most is %(most)s",
                over,
            ) % {"over": over, "most": question.word_limit}
    return ""


def _as_number(value: Any) -> float | None:
    text = str(value).replace(",", "").strip()
    digits = text[1:] if text.startswith("-") else text
    if digits.isascii() and digits.replace(".", "", 1).isdigit():
        return float(text)
    return None


def in_words(question: Question, value: Any) -> str:
    """The answer as people read it; choices on lines of their own."""
    if is_empty(value):
        return ""
    if question.kind == QuestionKind.FILE:
        return "\n".join(value)
    if question.kind in CHOICE_KINDS:
        labels = dict(options(question))
        chosen = value if isinstance(value, list) else [value]
        return "\n".join(labels.get(one, str(one)) for one in chosen)
    return str(value)


def together(question: Question, theirs: Any, mine: Any) -> Any:
    """Two answers as one: texts below one another, all that was chosen; else ``mine``."""
    if question.kind == QuestionKind.CHOICES:
        return list(dict.fromkeys([*(theirs or []), *(mine or [])]))
    both = f"{theirs}\n\n{mine}".strip()
    return both if question.kind == QuestionKind.LONG and len(both) <= MOST_CHARACTERS else mine


def can_be_together(question: Question) -> bool:
    """Whether two answers to it can stand as one."""
    return question.kind in {QuestionKind.LONG, QuestionKind.CHOICES}


def file_in_words(file: AnswerFile) -> str:
    """Name, kind and size of a file."""
    return f"{file.name} ({file.get_kind_display()}, {filesizeformat(file.size)})"


def fingerprint(value: Any) -> str:
    """A short mark of a value, by which a page tells whether its reader changed it."""
    text = json.dumps("" if is_empty(value) else value, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
