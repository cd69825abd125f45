"""Reads about offers after the letters: places that are free, offers that lapsed."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.todo import Todo

from ..enums import CallState, ExpressionState, LetterKind
from ..models import Call, Expression, Letter

# The choice on the board of those whose offer was not answered by its day.
LAPSED = "lapsed"
TAKEN = frozenset({ExpressionState.ACCEPTED, ExpressionState.PROJECT})


def offer_letters() -> QuerySet[Letter]:
    """The letters that offered a place, with whom they offered it to."""
    letters = Letter.objects.filter(outcome=LetterKind.OFFERED)
    return letters.select_related("expression__call", "expression__organisation")


def lapsed(today: date) -> QuerySet[Letter]:
    """The offers that nobody answered by their day."""
    return offer_letters().filter(
        expression__state=ExpressionState.OFFERED,
        expression__call__state=CallState.DECIDED,
        answer_by__lt=today,
    )


def may_offer_again(expression: Expression, letter: Letter | None, today: date) -> bool:
    """Whether its offer was turned down or lapsed, so that it can be given again."""
    if letter is None or letter.answer_by is None or expression.call.state != CallState.DECIDED:
        return False
    is_late = expression.state == ExpressionState.OFFERED and letter.answer_by < today
    return is_late or expression.state == ExpressionState.TURNED_DOWN


def may_be_answered_for(expression: Expression, letter: Letter | None) -> bool:
    """Whether staff may keep what they were told about its offer."""
    states = {ExpressionState.OFFERED, ExpressionState.TURNED_DOWN}
    is_decided = expression.call.state == CallState.DECIDED
    return letter is not None and is_decided and expression.state in states


def places_by_call(calls: Any, today: date) -> dict[int, int]:
    """By id of each call in ``calls``, how many places are free; those without one are left out.

    Places are the offers of the release. One is free again when its offer was turned down or
    lapsed, until a reserve has been offered it. All expressions count, whoever asks: it is one
    number of the call. One query.
    """
    reserves = Letter.objects.filter(expression=OuterRef("pk"), outcome=LetterKind.RESERVE)
    still_open = Q(state=ExpressionState.OFFERED, letters__answer_by__gte=today)
    rows = (
        Expression.objects.filter(call__in=calls, letters__outcome=LetterKind.OFFERED)
        .order_by()
        .annotate(was_reserve=Exists(reserves))
        .values("call_id")
        .annotate(
            places=Count("pk", filter=Q(was_reserve=False)),
            taken=Count("pk", filter=Q(state__in=TAKEN) | still_open),
        )
        .filter(places__gt=F("taken"))
    )
    return {row["call_id"]: row["places"] - row["taken"] for row in rows}


def free_places(call: Call, now: datetime) -> int:
    """How many places of ``call`` are free: see ``places_by_call``."""
    return places_by_call([call.pk], timezone.localdate(now)).get(call.pk, 0)


def lapsed_todo(user: Any, now: datetime) -> list[Todo]:
    """Offers whose day passed without an answer, call by call. One query."""
    rows = (
        lapsed(timezone.localdate(now))
        .filter(expression__in=Expression.objects.visible_to(user))
        .order_by()
        .values("expression__call_id", "expression__call__title")
        .annotate(number=Count("pk"))
        .order_by("expression__call_id")
    )
    return [
        Todo(
            text=ngettext(
                "offer was not answered in time: give it again, or let its place go",
                "offers were not answered in time: give them again, or let their places go",
                row["number"],
            ),
            url=reverse("expressions:deciding", args=[row["expression__call_id"]])
            + f"?state={LAPSED}",
            detail=row["expression__call__title"],
            count=row["number"],
            is_late=True,
        )
        for row in rows
    ]
