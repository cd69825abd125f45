"""The states of a call and of an expression, and one function for each step.

A call: draft → open → closed → assessing → deciding → decided → archived.
An expression: draft → submitted → eligible | ineligible; withdrawn from any before a decision.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.transitions import Step, TransitionNotAllowed, state_table, transition
from notifications.services import queue

from . import notifications, selectors
from .enums import CallState, ExpressionState
from .models import Call, Expression

CALL_STEPS = state_table(
    Step(
        name="open",
        sources=frozenset({CallState.DRAFT}),
        target=CallState.OPEN,
        label=gettext_lazy("Open the call"),
        permission="expressions.open_call",
    ),
    Step(
        name="close",
        sources=frozenset({CallState.OPEN}),
        target=CallState.CLOSED,
        label=gettext_lazy("Close the call"),
        permission=None,
        repeatable=True,
    ),
)

STEPS = state_table(
    Step(
        name="submit",
        sources=frozenset({ExpressionState.DRAFT}),
        target=ExpressionState.SUBMITTED,
        label=gettext_lazy("Send in"),
        permission="expressions.submit_expression",
        repeatable=True,
    ),
    Step(
        name="mark_eligible",
        sources=frozenset({ExpressionState.SUBMITTED, ExpressionState.INELIGIBLE}),
        target=ExpressionState.ELIGIBLE,
        label=gettext_lazy("Mark as eligible"),
        permission="expressions.decide_eligibility",
        repeatable=True,
    ),
    Step(
        name="mark_ineligible",
        sources=frozenset({ExpressionState.SUBMITTED, ExpressionState.ELIGIBLE}),
        target=ExpressionState.INELIGIBLE,
        label=gettext_lazy("Mark as not eligible"),
        permission="expressions.decide_eligibility",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="withdraw",
        sources=frozenset(
            {ExpressionState.DRAFT, ExpressionState.SUBMITTED, ExpressionState.ELIGIBLE}
        ),
        target=ExpressionState.WITHDRAWN,
        label=gettext_lazy("Withdraw"),
        permission="expressions.withdraw_expression",
        repeatable=True,
    ),
)


class CallNotOpen(TransitionNotAllowed):
    """The call does not take expressions at this moment. ``str()`` is fit to be shown."""


class NotComplete(Exception):
    """Answers are missing or not right yet; ``problems`` lists them."""

    def __init__(self, problems: list[selectors.AnswerProblem]) -> None:
        super().__init__(_("Some answers are missing or need a change."))
        self.problems = problems


def call_not_open() -> CallNotOpen:
    """The refusal, in words."""
    return CallNotOpen(
        _("The call is closed. What you wrote is kept, but it can no longer be sent in or changed.")
    )


def open_call(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Publish the call; its questions are frozen from now on."""
    return transition(obj=obj, step=CALL_STEPS["open"], by=by, now=now, reason=reason)


def close_call(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Close the call. Errors: ``TransitionNotAllowed`` before its closing instant."""

    def apply(call: Call) -> None:
        if call.closes_at is None or call.closes_at > now:
            raise TransitionNotAllowed(_("The call stays open until its closing time."))

    return transition(obj=obj, step=CALL_STEPS["close"], by=by, now=now, reason=reason, apply=apply)


def close_due_calls(*, now: datetime) -> int:
    """Close every open call whose closing instant is at or before ``now``; returns how many.

    May run as often as one likes: a call takes nothing after its instant, whatever its state says.
    """
    due = list(Call.objects.filter(state=CallState.OPEN, closes_at__lte=now))
    for call in due:
        close_call(obj=call, by=None, now=now)
    return len(due)


def submit(
    *, obj: Expression, by: Any, now: datetime, reason: str = "", declared_by: str = ""
) -> Expression:
    """Send the expression in, and send its receipt.

    ``now`` is the database's clock when the request had been received: what came before the
    closing instant counts. A second time, as by a double click, changes nothing.
    Errors: ``CallNotOpen``, ``NotComplete`` and those of ``transition``.
    """

    def apply(expression: Expression) -> None:
        # The lock makes the numbers of one call follow one another without a gap.
        call = Call.objects.select_for_update().get(pk=expression.call_id)
        if not call.is_open_at(now):
            raise call_not_open()
        problems = selectors.problems_of(expression)
        if problems:
            raise NotComplete(problems)
        call.last_number += 1
        call.save(update_fields=["last_number", "updated_at"])
        expression.reference = f"EOI-{call.year}-{call.last_number:04}"
        expression.submitted_at = now
        expression.submitted_by = by
        expression.declared_by = declared_by
        expression.listed_at = now

    return transition(
        obj=obj,
        step=STEPS["submit"],
        by=by,
        now=now,
        reason=reason,
        apply=apply,
        then=lambda expression: _send_receipt(expression, by, now),
    )


def _send_receipt(expression: Expression, by: Any, now: datetime) -> None:
    queue(
        kind=notifications.RECEIPT,
        to=by,
        about=expression,
        now=now,
        period=expression.reference,
        context={
            "expression": expression,
            "parts": selectors.written_parts(expression),
            "path": reverse("expressions:tasks", args=[expression.pk]),
        },
    )


def mark_eligible(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Say that it fits the call and can be assessed."""
    return transition(obj=obj, step=STEPS["mark_eligible"], by=by, now=now, reason=reason)


def mark_ineligible(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Say that it does not fit the call, and why."""
    return transition(obj=obj, step=STEPS["mark_ineligible"], by=by, now=now, reason=reason)


def withdraw(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Take it back. The organisation may begin a new one while the call is open."""
    return transition(obj=obj, step=STEPS["withdraw"], by=by, now=now, reason=reason)
