"""Which messages are due, wait for a person's decision, or may be known of."""

from datetime import datetime
from typing import Any

from django.db import models

from .enums import MessageState
from .registry import concealments


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "MessageQuerySet":
        """All messages for those who look after the outbox, less those that a room above conceals
        from them; none for others."""
        if not user.has_perm("notifications.view_ledger"):
            return self.none()
        found = self
        for conceal in concealments:
            hidden = conceal(user)
            if hidden is not None:
                found = found.exclude(hidden)
        return found

    def due(self, now: datetime) -> "MessageQuerySet":
        """Waiting, and their moment has come."""
        return self.filter(state=MessageState.QUEUED, send_at__lte=now)

    def to_settle(self) -> "MessageQuerySet":
        """Of these nobody knows but a person what is right: send again, or leave it."""
        return self.filter(state__in=[MessageState.UNCERTAIN, MessageState.FAILED])
