"""Reads about expressions that were sent in, and whose answers became incomplete since."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import FileState
from core.todo import Todo

from ..enums import CallState, ExpressionState
from ..models import Answer, AnswerFile, Expression, Question
from .writing import AnswerProblem, problems_of

MOST = 10
NOT_SENT = (ExpressionState.DRAFT, ExpressionState.WITHDRAWN)


def incomplete(user: Any, now: datetime) -> list[tuple[Expression, list[AnswerProblem]]]:
    """Those that the organisations of ``user`` sent in to open calls, and in which a required
    answer is empty, each with what has to change.

    One query, and five more for each in which that may be.
    """
    answered = Answer.objects.filter(
        expression=OuterRef(OuterRef("pk")), question=OuterRef("pk")
    ).exclude(value__in=["", []])
    files = AnswerFile.objects.filter(
        expression=OuterRef(OuterRef("pk")), question=OuterRef("pk")
    ).exclude(state=FileState.REFUSED)
    empty = Question.objects.filter(
        ~Exists(answered),
        ~Exists(files),
        Q(is_required=True) | ~Q(required_from_model=[]),
        section__call=OuterRef("call"),
        is_retired=False,
    )
    rows = (
        Expression.objects.of_contact(user)
        .filter(Exists(empty), call__state=CallState.OPEN, call__closes_at__gt=now)
        .exclude(state__in=NOT_SENT)
        .select_related("call", "organisation")
        .order_by("call__closes_at", "id")
    )
    found = [(row, problems_of(row)) for row in rows[:MOST]]
    return [(row, problems) for row, problems in found if problems]


def incomplete_todo(user: Any, now: datetime) -> list[Todo]:
    """The answers that became empty after sending in, as what waits for ``user``."""
    return [
        Todo(
            text=_("A required answer is empty: %(question)s")
            % {"question": problems[0].question.text},
            url=reverse("expressions:check", args=[row.pk]),
            detail=_("%(call)s, for %(organisation)s")
            % {"call": row.call.title, "organisation": row.organisation.name},
            due=row.call.closes_at,
        )
        for row, problems in incomplete(user, now)
    ]
