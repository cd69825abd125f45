"""Surveys for tests: one with a question of every kind."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from surveys.enums import OptionPart, QuestionKind, SurveyState
from surveys.models import Option, Page, Question, Response, Survey

LONDON = ZoneInfo("Europe/London")


class SurveyFactory(DjangoModelFactory):
    """An open survey, a week before the tests' "now" and a week after it."""

    class Meta:
        model = Survey

    slug = factory.Sequence(lambda n: f"survey-{n}")
    title = factory.Sequence(lambda n: f"Survey {n}")
    introduction = "What this is about."
    what_next = "What comes of it."
    estimated_minutes = 3
    state = SurveyState.OPEN
    opens_on = date(2022, 7, 19)
    closes_at = datetime(2022, 8, 2, 17, 0, tzinfo=LONDON)


class PageFactory(DjangoModelFactory):
    class Meta:
        model = Page

    survey = factory.SubFactory(SurveyFactory)
    order = factory.Sequence(lambda n: n % 30_000 + 1)
    title = factory.Sequence(lambda n: f"Page {n}")


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    page = factory.SubFactory(PageFactory)
    survey = factory.SelfAttribute("page.survey")
    order = factory.Sequence(lambda n: n % 30_000 + 1)
    code = factory.Sequence(lambda n: f"q{n}")
    kind = QuestionKind.SINGLE
    text = factory.Sequence(lambda n: f"Question {n}?")


class OptionFactory(DjangoModelFactory):
    class Meta:
        model = Option

    question = factory.SubFactory(QuestionFactory)
    order = factory.Sequence(lambda n: n % 30_000 + 1)
    code = factory.Sequence(lambda n: f"o{n}")
    text = factory.LazyAttribute(lambda option: option.code.capitalize())


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = Response

    survey = factory.SubFactory(SurveyFactory)
    answers = factory.LazyFunction(dict)
    counted_on = date(2022, 7, 26)


def add_question(page: Page, code: str, kind: str, *options: str, **fields: Any) -> Question:
    """A question with ``options``; of a matrix, those that begin with "row_" are its rows."""
    question = QuestionFactory(page=page, code=code, kind=kind, text=f"About {code}?", **fields)
    for order, option in enumerate(options, start=1):
        is_row = option.startswith("row_")
        OptionFactory(
            question=question,
            code=option,
            order=order,
            part=OptionPart.ROW if is_row else OptionPart.ANSWER,
            value=order if kind == QuestionKind.RATING else None,
        )
    return question


def full_survey(**fields: Any) -> Survey:
    """Three pages: every kind of question, one asked only after "rarely", nation and role."""
    survey = SurveyFactory(**fields)
    first = PageFactory(survey=survey, order=1, title="First")
    add_question(first, "single", QuestionKind.SINGLE, "red", "green", "blue")
    add_question(first, "several", QuestionKind.MULTIPLE, "one", "two", "three", most=2)
    rating = add_question(first, "rating", QuestionKind.RATING, "never", "rarely", "often")
    second = PageFactory(survey=survey, order=2, title="Second")
    add_question(second, "matrix", QuestionKind.MATRIX, "row_a", "row_b", "low", "high")
    add_question(second, "ranking", QuestionKind.RANKING, "north", "south", "west")
    add_question(
        second,
        "why",
        QuestionKind.TEXT,
        asked_if=rating,
        asked_if_answers=["never", "rarely"],
    )
    third = PageFactory(survey=survey, order=3, title="You")
    add_question(third, "nation", QuestionKind.NATION)
    add_question(third, "role", QuestionKind.ROLE, "carer", "worker")
    return survey
