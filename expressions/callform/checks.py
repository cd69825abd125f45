"""What is wrong with the form of a call, in words that name the question and say what to do."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..enums import Fills, QuestionKind
from .document import CHOOSING, CONDITIONABLE, MOST_KEY, WORDED, Document, answers_to

MOST_WORDS = 5_000
MOST_CHOICES = 60
KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.IGNORECASE)
FILLED_BY = {
    Fills.TOPIC: QuestionKind.CHOICE,
    Fills.DELIVERY_MODEL: QuestionKind.CHOICE,
    Fills.FIRST_TIMER: QuestionKind.YES_NO,
    Fills.STRUGGLING: QuestionKind.YES_NO,
}


@dataclass(frozen=True)
class Problem:
    """One fault. ``section`` and ``question`` are places in the form, counted from 0."""

    words: str
    section: int
    question: int | None = None
    key: str = ""


def problems(form: Document, *, models: Collection[str]) -> list[Problem]:
    """The faults of ``form`` in a call that offers the delivery ``models``, in order."""
    found: list[Problem] = []
    earlier: dict[str, Document] = {}
    filled: set[str] = set()
    every = {one["key"] for section in form["sections"] for one in section["questions"]}
    for place, section in enumerate(form["sections"]):
        if not section["title"].strip():
            found.append(Problem(_("A section needs a title."), place))
        for number, question in enumerate(section["questions"]):
            words = [
                *_own(question, models),
                *_key(question, earlier),
                *_filling(question, filled),
                *_condition(question, earlier, every),
            ]
            found += [
                Problem(f"{_name(question)}: {one}", place, number, question["key"])
                for one in words
            ]
            earlier[question["key"]] = question
    return found


def _name(question: Document) -> str:
    return f"“{question['text'].strip() or question['key']}”"


def _own(question: Document, models: Collection[str]) -> Iterator[str]:
    kind = question["kind"]
    if not question["text"].strip():
        yield _("Write the question.")
    if question["word_limit"] is not None:
        if kind not in WORDED:
            yield _("Only a text can have a word limit. Take the limit away.")
        elif not 1 <= question["word_limit"] <= MOST_WORDS:
            yield _("The word limit must be between 1 and %(most)s.") % {"most": f"{MOST_WORDS:,}"}
    yield from _choices(question)
    if set(question["required_from_model"]) - set(models):
        yield _("It is needed at a delivery model that this call does not offer.")


def _choices(question: Document) -> Iterator[str]:
    choices = question["choices"]
    if question["kind"] not in CHOOSING:
        if choices:
            yield _("Only a question with choices can have choices. Take them away.")
        return
    values = [one["value"] for one in choices]
    # What is on offer to choose from comes from the call itself.
    least = 1 if question["fills"] else 2
    if len(choices) < least:
        yield (
            _("Give at least two choices.") if least == 2 else _("Say what the call offers first.")
        )
    if len(choices) > MOST_CHOICES:
        yield _("There are too many choices: the most is %(most)s.") % {"most": MOST_CHOICES}
    if any(not one["label"].strip() or not one["value"].strip() for one in choices):
        yield _("Each choice needs words.")
    if len(set(values)) != len(values):
        yield _("Two choices are the same.")


def _key(question: Document, earlier: Collection[str]) -> Iterator[str]:
    key = question["key"]
    if key in earlier:
        yield _("The key “%(key)s” is used twice. Give each question a key of its own.") % {
            "key": key
        }
    elif not KEY.fullmatch(key) or len(key) > MOST_KEY:
        yield _("The key “%(key)s” must be of letters, numbers and hyphens, 60 at most.") % {
            "key": key[:80]
        }


def _filling(question: Document, filled: set[str]) -> Iterator[str]:
    fills = question["fills"]
    if not fills:
        return
    if FILLED_BY.get(fills) != question["kind"]:
        yield _("This kind of question cannot say “%(what)s” for the whole.") % {
            "what": Fills(fills).label
        }
    if fills in filled:
        yield _("Another question says “%(what)s” for the whole already.") % {
            "what": Fills(fills).label
        }
    filled.add(fills)


def _condition(
    question: Document, earlier: dict[str, Document], every: Collection[str]
) -> Iterator[str]:
    condition = question["condition"]
    if condition is None:
        return
    key = condition["question"]
    other = earlier.get(key)
    if key == question["key"]:
        yield _("It cannot hang on its own answer.")
    elif other is None and key in every:
        yield _("It hangs on a question that comes later. Move it below that question.")
    elif other is None:
        yield _("It hangs on a question that is not in the form any more.")
    elif other["kind"] not in CONDITIONABLE:
        yield _("It hangs on %(question)s, which has nothing to choose from.") % {
            "question": _name(other)
        }
    elif not condition["answers"]:
        yield _("Say after which answers it is asked.")
    elif gone := [one for one in condition["answers"] if one not in answers_to(other)]:
        yield _(
            "It is asked only after the answer “%(answer)s” to %(question)s, "
            "which is not among the choices."
        ) % {"answer": ", ".join(gone), "question": _name(other)}
