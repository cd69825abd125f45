"""Faults of reminder rules: one that queues again what it has queued already, or never anything."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from notifications.models import Message
from notifications.registry import reminder_rules
from notifications.reminders import queue_due_reminders

# A person's language is none of what makes a message the same message.
OTHER_LANGUAGE = "cy"


def _queued() -> Counter[str]:
    return Counter(Message.objects.values_list("kind", flat=True))


def queued_twice(moments: Iterable[datetime]) -> list[str]:
    """The kinds of which a second sweep at one of ``moments`` queues more, at any of them."""
    found: Counter[str] = Counter()
    for now in moments:
        queue_due_reminders(now=now)
        before = _queued()
        with translation.override(OTHER_LANGUAGE):
            queue_due_reminders(now=now)
        found += _queued() - before
    return sorted(found)


def never_due() -> list[str]:
    """The rules of which nothing has been queued, so that running them twice shows nothing."""
    return sorted({kind for kind, _rule in reminder_rules.items()} - _queued().keys())
