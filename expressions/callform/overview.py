"""The form as its builders see it: each question with its settings in words and where it can go."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.labels import labels
from projects.enums import DeliveryModel

from ..enums import Fills, QuestionKind
from ..models import Call
from .document import Document, find_question, section_holding
from .reading_age import WANTED_MOST, reading_age


@dataclass(frozen=True)
class Place:
    """Where a button moves something: place ``to``, counted from 0, of the section ``into``."""

    to: int
    into: str = ""


@dataclass(frozen=True)
class ShownQuestion:
    """A question in the builder's list."""

    question: Document
    kind: str
    settings: list[str]
    up: Place | None
    down: Place | None


@dataclass(frozen=True)
class ShownSection:
    """A section in the builder's list. ``age`` is the reading age of its English, if known."""

    section: Document
    number: int
    questions: list[ShownQuestion]
    up: Place | None
    down: Place | None
    age: int | None

    @property
    def is_hard(self) -> bool:
        return self.age is not None and self.age > WANTED_MOST


def overview(form: Document, call: Call) -> list[ShownSection]:
    """The sections of ``form`` for the builder's page."""
    sections = form["sections"]
    return [
        ShownSection(
            section=section,
            number=number + 1,
            questions=[
                _shown(form, call, number, place) for place in range(len(section["questions"]))
            ],
            up=Place(number - 1) if number else None,
            down=Place(number + 1) if number + 1 < len(sections) else None,
            age=reading_age(_english(section)),
        )
        for number, section in enumerate(sections)
    ]


def _english(section: Document) -> str:
    texts = [section["introduction"]]
    for one in section["questions"]:
        texts += [one["text"], one["help"]]
    return "\n".join(texts)


def _shown(form: Document, call: Call, number: int, place: int) -> ShownQuestion:
    sections = form["sections"]
    here = sections[number]
    question = here["questions"][place]
    up = down = None
    if place:
        up = Place(place - 1, here["key"])
    elif number:
        before = sections[number - 1]
        up = Place(len(before["questions"]), before["key"])
    if place + 1 < len(here["questions"]):
        down = Place(place + 1, here["key"])
    elif number + 1 < len(sections):
        down = Place(0, sections[number + 1]["key"])
    return ShownQuestion(
        question=question,
        kind=labels(QuestionKind)[question["kind"]],
        settings=_settings(form, question),
        up=up,
        down=down,
    )


def _settings(form: Document, question: Document) -> list[str]:
    found = []
    if question["word_limit"]:
        limit = question["word_limit"]
        words = ngettext("%(limit)s word at most", "%(limit)s words at most", limit)
        found.append(words % {"limit": limit})
    if question["choices"]:
        found.append(", ".join(one["label"] for one in question["choices"]))
    if question["required_from_model"]:
        known = labels(DeliveryModel)
        models = ", ".join(known.get(one, one) for one in question["required_from_model"])
        found.append(_("Needs an answer at: %(models)s") % {"models": models})
    elif not question["is_required"]:
        found.append(_("Can be left empty"))
    if question["fills"]:
        words = _("Says for the whole: %(what)s")
        found.append(words % {"what": labels(Fills)[question["fills"]]})
    if question["condition"]:
        found.append(asked_after(form, question))
    welsh = {
        (True, True): "",
        (True, False): _("No Welsh help yet"),
        (False, True): _("No Welsh yet"),
        (False, False): _("No Welsh yet"),
    }[bool(question["text_cy"]), bool(question["help_cy"] or not question["help"])]
    return [*found, welsh] if welsh else found


def asked_after(form: Document, question: Document) -> str:
    """After which answers a question is asked, in words."""
    condition = question["condition"]
    other = find_question(form, condition["question"])
    if other is None or section_holding(form, other["key"]) is None:
        return _("Asked only after an answer to a question that is gone")
    known = dict(answer_labels(other))
    answers = _(" or ").join(f"“{known.get(one, one)}”" for one in condition["answers"])
    return _("Asked only after %(answers)s to “%(question)s”") % {
        "answers": answers,
        "question": other["text"],
    }


def answer_labels(question: Document) -> list[tuple[str, str]]:
    """(value, words) of the answers that can be chosen."""
    if question["kind"] == QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(one["value"], one["label"]) for one in question["choices"]]
