"""What a person decides about a message whose fate is open."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.transitions import Step, state_table, transition

from .enums import MessageState
from .models import Message
from .waking import wake_sender

OPEN = frozenset({MessageState.UNCERTAIN, MessageState.FAILED})
SETTLE = "notifications.settle_message"

TABLE = state_table(
    Step("send_again", OPEN, MessageState.QUEUED, _("Send again"), SETTLE, repeatable=True),
    Step("leave", OPEN, MessageState.DROPPED, _("Leave it"), SETTLE, repeatable=True),
)


def send_again(*, message: Message, by: Any, now: datetime) -> Message:
    """Put the message back into the outbox, under its old Message-ID, with all its attempts."""

    def renew(row: Message) -> None:
        row.send_at = now
        row.attempts = 0
        row.problem = ""
        row.claim = None

    return transition(
        obj=message,
        step=TABLE["send_again"],
        by=by,
        now=now,
        apply=renew,
        then=lambda row: transaction.on_commit(wake_sender),
    )


def leave(*, message: Message, by: Any, now: datetime) -> Message:
    """Let the message be: it will not be sent. The key that a secret one holds goes."""

    def let_go(row: Message) -> None:
        row.problem = "left"
        row.claim = None
        if row.is_secret:
            row.body = ""

    return transition(obj=message, step=TABLE["leave"], by=by, now=now, apply=let_go)
