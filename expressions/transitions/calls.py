"""The steps of a call."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.transitions import TransitionNotAllowed, transition

from ..enums import CallState
from ..models import Call
from .tables import CALL_STEPS


class CallNotOpen(TransitionNotAllowed):
    """The call does not take expressions at this moment. ``str()`` is fit to be shown."""


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
