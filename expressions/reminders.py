"""When a draft that is not sent in deserves a reminder: a week and two days before closing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from notifications.registry import Kind, ReminderRule, register_reminder
from partners.selectors import contact_people

from . import notifications
from .enums import ExpressionState
from .models import Expression

WEEK = timedelta(days=7)
TWO_DAYS = timedelta(days=2)


def skip_reason(expression: Expression, now: datetime, *, before: timedelta) -> str | None:
    """Why a draft needs no reminder ``before`` its call's closing; ``None`` when it does."""
    closes_at = expression.call.closes_at
    if expression.state != ExpressionState.DRAFT:
        return "not_a_draft"
    if closes_at is None or not expression.call.is_open_at(now):
        return "call_not_open"
    if expression.listed_at > closes_at - before:
        return "begun_since"
    return None


def due_drafts(now: datetime, *, before: timedelta, until: timedelta) -> QuerySet[Expression]:
    """Drafts of open calls that close between ``until`` and ``before`` from ``now``."""
    return (
        Expression.objects.drafts_of_open_calls(now)
        .filter(call__closes_at__lte=now + before, call__closes_at__gt=now + until)
        .select_related("call", "organisation")
        .order_by("pk")
    )


def _rule(kind: Kind, before: timedelta, until: timedelta) -> ReminderRule:
    due: Callable[[datetime], QuerySet] = lambda now: due_drafts(  # noqa: E731
        now, before=before, until=until
    )
    return ReminderRule(
        kind=kind,
        due=due,
        recipients=lambda expression: contact_people(expression.organisation),
        skip_reason=lambda expression, now: skip_reason(expression, now, before=before),
        # A call whose closing is moved reminds again.
        period=lambda expression: f"{expression.call.closes_at:%Y%m%d%H%M}",
        context=_context,
    )


def _context(expression: Expression, person: Any) -> dict[str, Any]:
    return {
        "expression": expression,
        "call": expression.call,
        "path": reverse("expressions:tasks", args=[expression.pk]),
    }


RULES = (
    _rule(notifications.CLOSING_WEEK, WEEK, TWO_DAYS),
    # Begins where the earlier one ends.
    _rule(notifications.CLOSING_DAYS, TWO_DAYS, timedelta()),
)


def register() -> None:
    """Make the rules known."""
    for rule in RULES:
        register_reminder(rule)
