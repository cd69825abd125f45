"""What of the outbox goes when its time is up."""

from datetime import datetime, timedelta

from core.retention import Rule, rules

from .models import Message

ADDRESSES_KEPT = timedelta(days=365)


def forget_addresses(*, now: datetime) -> int:
    """Messages to people without an account, a year after they were sent."""
    return Message.objects.filter(recipient=None, sent_at__lt=now - ADDRESSES_KEPT).delete()[0]


ADDRESSES = Rule(frozenset({Message._meta.label}), forget_addresses)


def register() -> None:
    rules.add("notifications.addresses", ADDRESSES)
