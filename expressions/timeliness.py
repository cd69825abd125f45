"""Whether what is written now still counts."""

from datetime import datetime
from typing import Any

from accounts.rules import is_programme_team

from .enums import CallState
from .models import Call, Expression


def may_be_written_at(expression: Expression, by: Any, now: datetime) -> bool:
    """Whether ``by`` may write in ``expression`` and send it in at ``now``, the database's clock.

    Everybody until the call's closing instant. Staff also afterwards, as long as nobody has begun
    to read, in what had reached us on paper or otherwise before that instant.
    """
    call = expression.call
    if call.is_open_at(now):
        return True
    return (
        expression.is_entered_by_staff
        and reached_us_in_time(call, expression.received_at)
        and call.state in {CallState.OPEN, CallState.CLOSED}
        and call.opens_at is not None
        and call.opens_at <= now
        and bool(is_programme_team(by))
    )


def reached_us_in_time(call: Call, received_at: datetime | None) -> bool:
    """Whether something that reached us at ``received_at`` came before the closing instant."""
    return received_at is not None and call.closes_at is not None and received_at < call.closes_at
