"""Reads about offers after the letters: places that are free, offers that lapsed."""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

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


def with_offers(expressions: QuerySet[Expression]) -> QuerySet[Expression]:
    """``expressions`` with ``day``, until when their offer could be answered, and whether each
    was in reserve before (``was_reserve``)."""
    letters = Letter.objects.filter(expression=OuterRef("pk"))
    offer = letters.filter(outcome=LetterKind.OFFERED).values("answer_by")
    reserve = letters.filter(outcome=LetterKind.RESERVE)
    return expressions.annotate(day=Subquery(offer[:1]), was_reserve=Exists(reserve))


def places(today: date) -> dict[str, Count]:
    """How to count, over ``with_offers``, the places of a call and those that are taken.

    Places are the offers of the release. One is free again when its offer was turned down or
    lapsed, until a reserve has been offered it.
    """
    offered = Q(day__isnull=False)
    still_open = Q(state=ExpressionState.OFFERED, day__gte=today)
    return {
        "places": Count("pk", filter=offered & Q(was_reserve=False)),
        "taken": Count("pk", filter=offered & Q(state__in=TAKEN) | still_open),
    }


def free_places(call: Call, now: datetime) -> int:
    """How many places of ``call`` are free. All expressions count, whoever asks: it is one number
    of the call. One query."""
    rows = with_offers(Expression.objects.filter(call=call))
    counted = rows.aggregate(**places(timezone.localdate(now)))
    return max(0, counted["places"] - counted["taken"])
