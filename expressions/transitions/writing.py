"""The steps of an expression that its organisation takes, and the check by staff."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.transitions import TransitionNotAllowed, transition
from notifications.services import queue
from partners.selectors import contact_people

from .. import notifications, selectors
from ..enums import CallState
from ..models import Call, Expression
from ..timeliness import may_be_written_at
from .calls import call_not_open
from .tables import STEPS


class NotComplete(Exception):
    """Answers are missing or not right yet; ``problems`` lists them."""

    def __init__(self, problems: list[selectors.AnswerProblem]) -> None:
        super().__init__(_("Some answers are missing or need a change."))
        self.problems = problems


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
        expression.call = call
        if not may_be_written_at(expression, by, now):
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
    """To the sender; of what staff typed in, to the organisation's people where it has any."""
    people = [by]
    if expression.is_entered_by_staff:
        people = list(contact_people(expression.organisation)) or people
    context = {
        "expression": expression,
        "parts": selectors.written_parts(expression),
        "may_change": expression.call.is_open_at(now),
        "path": reverse("expressions:tasks", args=[expression.pk]),
    }
    for person in people:
        queue(
            kind=notifications.RECEIPT,
            to=person,
            about=expression,
            now=now,
            period=expression.reference,
            context=context,
        )


def mark_eligible(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Say that it fits the call and can be assessed."""
    return transition(
        obj=obj, step=STEPS["mark_eligible"], by=by, now=now, reason=reason, apply=_not_decided
    )


def mark_ineligible(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Say that it does not fit the call, and why."""
    return transition(
        obj=obj, step=STEPS["mark_ineligible"], by=by, now=now, reason=reason, apply=_not_decided
    )


def check_again(*, obj: Expression, by: Any, now: datetime, reason: str) -> Expression:
    """Let it be checked anew: its answers changed after the check."""
    return transition(
        obj=obj, step=STEPS["check_again"], by=by, now=now, reason=reason, apply=_not_told
    )


def withdraw(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Take it back. The organisation may begin a new one while the call is open.

    Errors: ``TransitionNotAllowed`` once the letter about its decision has gone out.
    """
    return transition(
        obj=obj, step=STEPS["withdraw"], by=by, now=now, reason=reason, apply=_not_told
    )


def _not_decided(expression: Expression) -> None:
    """Errors: ``TransitionNotAllowed`` once the letters of its call have gone out."""
    _not_told(expression)
    if Call.objects.filter(
        pk=expression.call_id, state__in=[CallState.DECIDED, CallState.ARCHIVED]
    ).exists():
        raise TransitionNotAllowed(_("The letters of this call have gone out already."))


def _not_told(expression: Expression) -> None:
    if expression.told_at is not None:
        raise TransitionNotAllowed(_("The letter about the decision has gone out already."))
