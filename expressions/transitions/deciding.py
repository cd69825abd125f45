"""The steps of a decision: held while the call is decided, then told, then answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.selectors import holders
from core.transitions import TransitionNotAllowed, transition, transition_all
from notifications.services import Outgoing, queue_all

from .. import notifications
from ..enums import HIDING, CallState, ExpressionState, LetterKind
from ..models import Call, Conflict, Expression, Letter
from .tables import STEPS

Then = Callable[[Expression], None]
# Once the letters are out, an offer is made to a reserve alone.
CALL_UP = replace(STEPS["offer"], sources=frozenset({ExpressionState.RESERVE}))
STEP_TO = {
    ExpressionState.OFFERED: STEPS["offer"],
    ExpressionState.RESERVE: STEPS["keep_in_reserve"],
    ExpressionState.DECLINED: STEPS["decline"],
}


def propose(*, obj: Expression, outcome: str, by: Any, now: datetime, reason: str) -> Expression:
    """Decide on an offer, the reserve or a refusal: held, and to be changed until it is told.

    Errors: ``TransitionNotAllowed`` once its letter went out, or while its call is not being
    decided; those of ``transition``.
    """

    def apply(expression: Expression) -> None:
        call = Call.objects.get(pk=expression.call_id)
        if call.state != CallState.DECIDING or expression.told_at is not None:
            raise TransitionNotAllowed(
                _("The decision cannot be changed now. Its letter may have gone out already.")
            )

    step = STEP_TO[ExpressionState(outcome)]
    return transition(obj=obj, step=step, by=by, now=now, reason=reason, apply=apply)


def propose_all(
    *, rows: QuerySet[Expression], outcome: str, by: Any, now: datetime, reason: str
) -> list[Expression]:
    """Decide so on all of ``rows``, whose call is locked, or on none.

    Errors: those of ``propose``.
    """
    cannot = ~Q(call__state=CallState.DECIDING) | Q(told_at__isnull=False)
    if rows.filter(cannot).exists():
        raise TransitionNotAllowed(
            _("The decision cannot be changed now. Its letter may have gone out already.")
        )
    return transition_all(
        rows=rows,
        # Whoever manages the programme sees the whole of it, less what a conflict hides.
        permitted=Expression.objects.visible_to(by),
        step=STEP_TO[ExpressionState(outcome)],
        by=by,
        now=now,
        reason=reason,
    )


def call_up(*, obj: Expression, by: Any, now: datetime, reason: str, then: Then) -> Expression:
    """Offer a place that became free to one in reserve; ``then`` writes the letter.

    Errors: ``TransitionNotAllowed`` when it is not a reserve that has been told so.
    """

    def apply(expression: Expression) -> None:
        call = Call.objects.get(pk=expression.call_id)
        if call.state != CallState.DECIDED or expression.told_at is None:
            raise TransitionNotAllowed(
                _("A reserve is called up after the letters of the call have gone out.")
            )

    return transition(obj=obj, step=CALL_UP, by=by, now=now, reason=reason, apply=apply, then=then)


def accept(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Take the place that is offered. Errors: ``TransitionNotAllowed`` after the last day, and
    once the call was put away."""
    return _answer(obj, "accept", by, now, reason)


def turn_down(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Leave the place to others. Errors: those of ``accept``."""
    return _answer(obj, "turn_down", by, now, reason)


def _answer(obj: Expression, name: str, by: Any, now: datetime, reason: str) -> Expression:
    with transaction.atomic():
        # The call first, as everywhere: nobody puts it away while this answer comes in.
        Call.objects.select_for_update().get(pk=obj.call_id)
        return transition(
            obj=obj,
            step=STEPS[name],
            by=by,
            now=now,
            reason=reason,
            apply=_still_asked(now),
            then=lambda expression: _tell_managers(expression, reason, now),
        )


def _tell_managers(expression: Expression, reason: str, now: datetime) -> None:
    """Tell those who decide, with their other news of the day, what was answered.

    Not those from whom a conflict of interest hides the expression.
    """
    hidden = Conflict.objects.filter(expression=expression, state__in=HIDING)
    managers = holders({RoleKind.PROGRAMME_MANAGER}, on=timezone.localdate(now)).exclude(
        pk__in=hidden.values("person_id")
    )
    context = {
        "expression": expression,
        "call": expression.call,
        "is_accepted": expression.state == ExpressionState.ACCEPTED,
        "reason": reason.strip(),
        "path": reverse("expressions:decision", args=[expression.call_id, expression.pk]),
    }
    queue_all(
        kind=notifications.OFFER_ANSWERED,
        # An offer that is given again can be answered again.
        messages=[Outgoing(one, expression, context, f"{now:%Y%m%d%H%M%S}") for one in managers],
        now=now,
        together=True,
    )


def _still_asked(now: datetime) -> Then:
    def apply(expression: Expression) -> None:
        day = _offer_of(expression).answer_by
        if day and day < timezone.localdate(now):
            raise TransitionNotAllowed(
                _("The last day to answer has passed. Write to us if you still want to answer.")
            )

    return apply


def offer_again(*, obj: Expression, by: Any, now: datetime, reason: str, then: Then) -> Expression:
    """Give an offer again that was turned down or lapsed; ``then`` sends the letter once more.

    Errors: ``TransitionNotAllowed`` while the offer can still be answered, and before the letters
    of the call or after it was put away.
    """

    def apply(expression: Expression) -> None:
        day = _offer_of(expression).answer_by
        # The row is not saved yet: what stands in the database is where it comes from.
        stood = Expression.objects.values_list("state", flat=True).get(pk=expression.pk)
        if stood == ExpressionState.OFFERED and day and day >= timezone.localdate(now):
            raise TransitionNotAllowed(
                _("This offer can still be answered. Send its letter again to give more time.")
            )

    step = STEPS["offer_again"]
    return transition(obj=obj, step=step, by=by, now=now, reason=reason, apply=apply, then=then)


def record_acceptance(*, obj: Expression, by: Any, now: datetime, reason: str) -> Expression:
    """Keep that an offer was accepted otherwise than in the portal. Errors: ``offer_again``'s."""
    step = STEPS["record_acceptance"]
    return transition(obj=obj, step=step, by=by, now=now, reason=reason, apply=_check_offer)


def let_go(*, obj: Expression, by: Any, now: datetime, reason: str) -> Expression:
    """Keep that nobody takes the place that was offered. Errors: ``offer_again``'s."""
    step = STEPS["let_go"]
    return transition(obj=obj, step=step, by=by, now=now, reason=reason, apply=_check_offer)


def _check_offer(expression: Expression) -> None:
    _offer_of(expression)


def _offer_of(expression: Expression) -> Letter:
    """The letter of offer, which went out and counts while its call is not put away."""
    # Before the letter there is no offer: nobody learns from here that there will be one.
    letter = expression.letters.filter(outcome=LetterKind.OFFERED).first()
    if letter is None or letter.answer_by is None:
        raise TransitionNotAllowed(_("There is no offer to answer."))
    if Call.objects.get(pk=expression.call_id).state != CallState.DECIDED:
        raise TransitionNotAllowed(
            _("This call has been put away: offers in it are not given or answered any more.")
        )
    return letter


def make_project(*, obj: Expression, by: Any, now: datetime, then: Then) -> Expression:
    """An accepted offer becomes a project, which ``then`` makes."""
    return transition(obj=obj, step=STEPS["make_project"], by=by, now=now, then=then)
