"""The steps of a call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import nice_date
from core.sweeps import Problems
from core.transitions import TransitionNotAllowed, transition

from ..callform.files import whole
from ..enums import CallState, ExpressionState, LetterKind
from ..models import Call, CallVersion, Letter
from ..selectors.building import Lack, lacks
from .tables import CALL_STEPS


class CallNotOpen(TransitionNotAllowed):
    """The call does not take expressions at this moment. ``str()`` is fit to be shown."""


def call_not_open() -> CallNotOpen:
    """The refusal, in words."""
    return CallNotOpen(
        _("The call is closed. What you wrote is kept, but it can no longer be sent in or changed.")
    )


class NotReady(TransitionNotAllowed):
    """The call lacks something; ``lacks`` says what and where. ``str()`` is fit to be shown."""

    def __init__(self, found: list[Lack]) -> None:
        super().__init__(_("The call is not complete yet."))
        self.lacks = found


def open_call(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Publish the call; its questions are frozen from now on, and kept as version 1.

    Errors: ``NotReady`` and those of ``transition``.
    """

    def apply(call: Call) -> None:
        if found := lacks(call, now):
            raise NotReady(found)

    def keep(call: Call) -> None:
        CallVersion.objects.create(call=call, number=call.version, at=now, by=by, form=whole(call))

    return transition(
        obj=obj,
        step=CALL_STEPS["open"],
        by=by,
        now=now,
        reason=reason,
        apply=apply,
        then=keep,
    )


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
    problems = Problems("calls")
    for call in due:
        with problems.of("close", call.pk):
            close_call(obj=call, by=None, now=now)
    problems.raise_any()
    return len(due)


def start_assessing(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Let the assessors read. Errors: ``TransitionNotAllowed`` without a criterion to score."""

    def apply(call: Call) -> None:
        if not call.criteria.exists():
            raise TransitionNotAllowed(
                _("Write at least one criterion first: assessors need something to score.")
            )

    return transition(
        obj=obj,
        step=CALL_STEPS["start_assessing"],
        by=by,
        now=now,
        reason=reason,
        apply=apply,
    )


def start_deciding(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Go on to the choice. Errors: ``TransitionNotAllowed`` while some are not assessed."""

    def apply(call: Call) -> None:
        waiting = {ExpressionState.SUBMITTED, ExpressionState.ELIGIBLE}
        left = call.expressions.filter(state__in=waiting).count()
        if left:
            words = ngettext(
                "%(count)s expression of interest is not checked or not assessed yet.",
                "%(count)s expressions of interest are not checked or not assessed yet.",
                left,
            )
            raise TransitionNotAllowed(words % {"count": left})

    return transition(
        obj=obj,
        step=CALL_STEPS["start_deciding"],
        by=by,
        now=now,
        reason=reason,
        apply=apply,
    )


def decide_call(
    *,
    obj: Call,
    by: Any,
    now: datetime,
    apply: Callable[[Call], None],
    then: Callable[[Call], None],
) -> Call:
    """Release the decisions of the call; ``apply`` checks them, ``then`` sends the letters.

    Both are given by ``services.deciding.release``: without letters there is no release.
    """
    return transition(obj=obj, step=CALL_STEPS["decide"], by=by, now=now, apply=apply, then=then)


def archive_call(*, obj: Call, by: Any, now: datetime, reason: str = "") -> Call:
    """Put a decided call away.

    Errors: ``TransitionNotAllowed`` while an offer can still be answered: whoever was told that
    they may answer until a day can rely on it. An offer whose day has passed holds nothing up.
    """

    def apply(call: Call) -> None:
        letters = Letter.objects.filter(
            expression__call=call,
            expression__state=ExpressionState.OFFERED,
            outcome=LetterKind.OFFERED,
            answer_by__gte=timezone.localdate(now),
        )
        found = letters.aggregate(number=Count("pk"), last=Max("answer_by"))
        if found["number"]:
            words = ngettext(
                "%(count)s offer can still be answered, until %(day)s. Put the call away after "
                "that, or let the place go first.",
                "%(count)s offers can still be answered, the last until %(day)s. Put the call "
                "away after that, or let the places go first.",
                found["number"],
            )
            raise TransitionNotAllowed(
                words % {"count": found["number"], "day": nice_date(found["last"])}
            )

    return transition(
        obj=obj, step=CALL_STEPS["archive"], by=by, now=now, reason=reason, apply=apply
    )
