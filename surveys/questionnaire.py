"""A survey's questions as plain objects in the language of the page, read once a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from core.enums import Nation

from .enums import OptionPart, QuestionKind
from .models import Option, Page, Question, Survey

Answers = Mapping[str, Any]
UNANSWERED = "_unanswered"


@dataclass(frozen=True)
class Words:
    """A text, and its language where that is not the language of the page."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text


def wording(row: Any, name: str) -> Words:
    """The field ``name`` of ``row`` in Welsh on a Welsh page, where there is Welsh of it."""
    english = getattr(row, name)
    if get_language() != "cy":
        return Words(english)
    welsh = getattr(row, f"{name}_cy")
    return Words(welsh) if welsh else Words(english, "en-GB" if english else "")


@dataclass(frozen=True)
class Choice:
    """An answer to pick, or a row of a matrix."""

    code: str
    text: str
    value: int | None = None


@dataclass(frozen=True)
class Item:
    """A question as it is asked."""

    id: int
    code: str
    kind: str
    text: Words
    hint: Words
    is_required: bool
    most: int | None
    asked_if: str
    asked_if_answers: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        return {choice.code: choice.text for choice in self.choices}

    def is_asked(self, answers: Answers) -> bool:
        """Whether somebody who gave ``answers`` so far is asked this."""
        if not self.asked_if:
            return True
        given = answers.get(self.asked_if)
        picked = given if isinstance(given, list) else [given]
        return any(code in self.asked_if_answers for code in picked)


@dataclass(frozen=True)
class Block:
    """A page of questions."""

    title: Words
    introduction: Words
    items: tuple[Item, ...]

    def asked(self, answers: Answers) -> list[Item]:
        return [item for item in self.items if item.is_asked(answers)]


@dataclass(frozen=True)
class Questionnaire:
    """All pages of a survey."""

    survey: Survey
    blocks: tuple[Block, ...] = field(default_factory=tuple)

    @property
    def items(self) -> list[Item]:
        return [item for block in self.blocks for item in block.items]

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def of_kind(self, kind: str) -> Item | None:
        return next((item for item in self.items if item.kind == kind), None)

    def shown(self, answers: Answers) -> list[Block]:
        """The pages with something to ask of somebody who gave ``answers`` so far."""
        return [block for block in self.blocks if block.asked(answers)]


def questionnaire(survey: Survey) -> Questionnaire:
    """The questions of ``survey`` in the current language, in three queries."""
    options: dict[int, list[Option]] = {}
    for option in Option.objects.filter(question__survey=survey).order_by("order"):
        options.setdefault(option.question_id, []).append(option)
    questions: dict[int, list[Question]] = {}
    codes = {}
    for question in Question.objects.filter(survey=survey).order_by("order"):
        questions.setdefault(question.page_id, []).append(question)
        codes[question.pk] = question.code
    return Questionnaire(
        survey,
        tuple(
            Block(
                wording(page, "title"),
                wording(page, "introduction"),
                tuple(
                    _item(question, options.get(question.pk, ()), codes)
                    for question in questions.get(page.pk, ())
                ),
            )
            for page in Page.objects.filter(survey=survey).order_by("order")
        ),
    )


def _item(question: Question, options: Iterable[Option], codes: dict[int, str]) -> Item:
    return Item(
        id=question.pk,
        code=question.code,
        kind=question.kind,
        text=wording(question, "text"),
        hint=wording(question, "hint"),
        is_required=question.is_required,
        most=question.most,
        asked_if=codes[question.asked_if_id] if question.asked_if_id else "",
        asked_if_answers=tuple(question.asked_if_answers),
        choices=_nations()
        if question.kind == QuestionKind.NATION
        else tuple(_choice(option) for option in options if option.part == OptionPart.ANSWER),
        rows=tuple(_choice(option) for option in options if option.part == OptionPart.ROW),
    )


def _choice(option: Option) -> Choice:
    return Choice(option.code, str(wording(option, "text")), option.value)


def _nations() -> tuple[Choice, ...]:
    return tuple(Choice(nation.value, str(nation.label)) for nation in Nation)
