"""A call's form as plain data, and back from defaults.

``form_of`` gives what can change while a call is open: the texts and the sections.

    {"texts": {"title": ..., "summary": ...},
     "sections": [{"key": "section-7", "title": ..., "introduction": ..., "title_cy": ...,
                   "introduction_cy": ..., "questions": [{"key": "why", "kind": "long", ...}]}]}

The key of a question stays the same from year to year. That of a section names its row and says
nothing outside of this call; a section without a row yet has a key that names none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import slugify

from core.enums import Nation
from projects.enums import DeliveryModel

from ..enums import Fills, QuestionKind
from ..models import Call, Question, Section

Document = dict[str, Any]

TEXTS = ("title", "summary", "offer", "ask", "looking_for", "guidance")
SECTION_TEXTS = ("title", "introduction", "title_cy", "introduction_cy")
QUESTION_FIELDS = (
    "kind", "text", "help", "text_cy", "help_cy", "easy_read", "word_limit", "choices",
    "is_required", "required_from_model", "fills",
)  # fmt: skip
CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
CONDITIONABLE = CHOOSING | {QuestionKind.YES_NO}
WORDED = frozenset({QuestionKind.SHORT, QuestionKind.LONG})
MOST_KEY = 60


def blank_question(**values: Any) -> Document:
    """A question with all its members, those not given at their defaults."""
    return {
        "key": "",
        "kind": QuestionKind.SHORT.value,
        "text": "",
        "help": "",
        "text_cy": "",
        "help_cy": "",
        "easy_read": "",
        "word_limit": None,
        "choices": [],
        "is_required": True,
        "required_from_model": [],
        "fills": "",
        "condition": None,
        **values,
    }


def blank_section(**values: Any) -> Document:
    """A section with all its members."""
    return {**dict.fromkeys(SECTION_TEXTS, ""), "key": "", "questions": [], **values}


def blank_choice(**values: Any) -> Document:
    return {"value": "", "label": "", "label_cy": "", **values}


def section_key(section: Section) -> str:
    return f"section-{section.pk}"


def sections_of(call: Call) -> list[Document]:
    """The sections of ``call`` with the questions that are asked. Two queries.

    A section that only has questions which are no longer asked is left out.
    """
    by_section: dict[int, list[Question]] = {}
    keys: dict[int, str] = {}
    asked_no_longer = set()
    rows = Question.objects.filter(section__call_id=call.pk)
    for question in rows.order_by("section__order", "order", "id"):
        keys[question.pk] = question.key
        if question.is_retired:
            asked_no_longer.add(question.section_id)
        else:
            by_section.setdefault(question.section_id, []).append(question)
    return [
        blank_section(
            key=section_key(section),
            **{name: getattr(section, name) for name in SECTION_TEXTS},
            questions=[_question(one, keys) for one in by_section.get(section.pk, [])],
        )
        for section in Section.objects.filter(call_id=call.pk)
        if section.pk in by_section or section.pk not in asked_no_longer
    ]


def _question(question: Question, keys: Mapping[int, str]) -> Document:
    found = {name: getattr(question, name) for name in QUESTION_FIELDS}
    found["choices"] = [blank_choice(**one) for one in question.choices]
    found["condition"] = (
        {"question": keys[question.condition_id], "answers": list(question.condition_values)}
        if question.condition_id is not None and question.condition_id in keys
        else None
    )
    return blank_question(key=question.key, **found)


def form_of(call: Call) -> Document:
    """What applicants see of ``call``: its texts and its sections. Two queries."""
    return {"texts": {name: getattr(call, name) for name in TEXTS}, "sections": sections_of(call)}


def questions_in(form: Document) -> Iterator[Document]:
    """The questions of ``form`` in order."""
    for section in form["sections"]:
        yield from section["questions"]


def find_section(form: Document, key: str) -> Document | None:
    return next((one for one in form["sections"] if one["key"] == key), None)


def find_question(form: Document, key: str) -> Document | None:
    return next((one for one in questions_in(form) if one["key"] == key), None)


def section_holding(form: Document, key: str) -> Document | None:
    """The section in which the question ``key`` stands."""
    for section in form["sections"]:
        if any(one["key"] == key for one in section["questions"]):
            return section
    return None


def answers_to(question: Document) -> list[str]:
    """The values that can be chosen as an answer to ``question``; none where one writes."""
    if question["kind"] == QuestionKind.YES_NO:
        return ["yes", "no"]
    if question["kind"] in CHOOSING:
        return [one["value"] for one in question["choices"]]
    return []


def free_key(text: str, taken: set[str], default: str = "question") -> str:
    """A key made from ``text`` that is not among ``taken``."""
    base = slugify(text)[: MOST_KEY - 4].strip("-_") or default
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(one for one in numbered if one not in taken)


def fit_to_call(form: Document, call: Call) -> Document:
    """``form`` with what the call offers: choices of topics and models, and only its models.

    Wording that is there is kept.
    """
    topics = None
    for question in questions_in(form):
        wanted = question["required_from_model"]
        question["required_from_model"] = [one for one in wanted if one in call.delivery_models]
        if question["fills"] == Fills.TOPIC:
            topics = topics if topics is not None else dict(topics_on_offer(call))
            question["choices"] = _offered(question["choices"], topics)
        elif question["fills"] == Fills.DELIVERY_MODEL:
            question["choices"] = _offered(question["choices"], dict(models_on_offer(call)))
    return form


def _offered(choices: list[Document], offered: Mapping[str, str]) -> list[Document]:
    there = {one["value"]: one for one in choices if one["value"] in offered}
    missing = [
        blank_choice(value=value, label=label)
        for value, label in offered.items()
        if value not in there
    ]
    return [*there.values(), *missing]


def topics_on_offer(call: Call) -> list[tuple[str, str]]:
    """(slug, title) of the call's topics."""
    return [(topic.slug, topic.title) for topic in call.topics.order_by("title", "id")]


def models_on_offer(call: Call) -> list[tuple[str, str]]:
    known = dict(DeliveryModel.choices)
    return [(one, str(known[one])) for one in call.delivery_models if one in known]


def known_nations() -> list[str]:
    return [one.value for one in Nation]
