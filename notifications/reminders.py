"""The sweep that finds reminders which are due."""

from datetime import datetime
from typing import Any

from django.db import transaction

from .models import Message, Preference
from .registry import ReminderRule, reminder_rules
from .rhythm import next_moment
from .services import queue


def queue_due_reminders(*, now: datetime) -> int:
    """Queue each reminder that is due and not queued yet; returns how many were new.

    May run as often as one likes, in as many processes as one likes.
    """
    before = Message.objects.count()
    for rule in reminder_rules:
        for obj in rule.due(now).iterator(chunk_size=200):
            if rule.skip_reason(obj, now) is None:
                _queue_for(rule, obj, now)
    return Message.objects.count() - before


def _queue_for(rule: ReminderRule, obj: Any, now: datetime) -> None:
    with transaction.atomic():
        for person in rule.recipients(obj):
            preference = Preference.objects.filter(person=person).first() or Preference()
            if rule.kind.name in preference.muted_kinds:
                continue
            queue(
                kind=rule.kind,
                to=person,
                about=obj,
                now=now,
                context=rule.context(obj, person),
                period=rule.period(obj),
                send_at=next_moment(preference.rhythm, now),
            )
