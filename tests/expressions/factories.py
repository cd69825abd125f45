"""Calls, questions and expressions for tests."""

from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from expressions import services
from expressions.enums import CallState, QuestionKind
from expressions.models import Call, Expression, Question, Section
from tests.partners.factories import OrganisationFactory


class CallFactory(DjangoModelFactory):
    """A call that is open at the real time, since pages read the database's clock."""

    class Meta:
        model = Call

    slug = factory.Sequence(lambda n: f"call-{n}")
    title = factory.Sequence(lambda n: f"Call {n}")
    year = 2023
    state = CallState.OPEN
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=14))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=28))


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    call = factory.SubFactory(CallFactory)
    order = 1
    title = factory.Sequence(lambda n: f"Section {n}")


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    section = factory.SubFactory(SectionFactory)
    order = factory.Sequence(lambda n: n + 1)
    key = factory.Sequence(lambda n: f"question-{n}")
    kind = QuestionKind.LONG
    text = factory.Sequence(lambda n: f"Question {n}?")


class ExpressionFactory(DjangoModelFactory):
    class Meta:
        model = Expression

    call = factory.SubFactory(CallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    listed_at = factory.LazyFunction(timezone.now)


class SubmittedFactory(ExpressionFactory):
    """An expression as it stands after sending in."""

    state = "submitted"
    reference = factory.Sequence(lambda n: f"EOI-2022-{n:04}")
    submitted_at = factory.LazyFunction(timezone.now)


def write(expression: Expression, question: Question, value: Any, by: Any, now: datetime) -> Any:
    """Save one answer at the version that stands."""
    answer = expression.answers.filter(question=question).first()
    given = services.Given(
        sent=value if isinstance(value, list) else [value], version=answer.version if answer else 0
    )
    return services.save_answers(obj=expression, given={question.pk: given}, by=by, now=now)


def draft_call(**fields: Any) -> Call:
    """A call that could be opened: facts, dates, one section with a question of three kinds.

    "first" is a yes-or-no question, "before" is asked only after a no, "why" is long.
    """
    given = {
        "state": CallState.DRAFT,
        "title": "Host a project",
        "slug": "host-a-project",
        "summary": "Work with us.",
        "offer": "Money and people.",
        "ask": "Share what you learn.",
        "delivery_models": ["network", "facilitator"],
        "nations": ["wales"],
        **fields,
    }
    call = CallFactory(**given)
    section = SectionFactory(call=call, order=1, title="About you")
    first = QuestionFactory(
        section=section, order=1, key="first", kind=QuestionKind.YES_NO, text="Your first one?"
    )
    QuestionFactory(
        section=section,
        order=2,
        key="before",
        kind=QuestionKind.SHORT,
        text="What did you do before?",
        condition=first,
        condition_values=["no"],
    )
    QuestionFactory(section=section, order=3, key="why", text="Why?", word_limit=100)
    return call
