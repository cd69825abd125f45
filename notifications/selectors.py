"""What the pages about messages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.rules import is_programme_team
from core.markdown import plain_text
from core.todo import Todo

from .enums import MessageState
from .models import Message, Preference
from .registry import ReminderRule, kinds, reminder_rules
from .reminders import not_queued, wanted_at

PREVIEW_DAYS = 14
# As many as somebody reads; a rule that finds more says so.
PREVIEW_OBJECTS = 100


@dataclass(frozen=True)
class ComingReminder:
    """A reminder that will go unless its reason goes first."""

    day: date
    title: str
    about: str
    people: list[str]


@dataclass(frozen=True)
class ComingReminders:
    """The preview, by day, and the kinds of which there are more than it shows."""

    rows: list[ComingReminder]
    cut_short: list[str]


def ledger(user: Any) -> Any:
    """The messages that ``user`` may know of, with their people, without their texts."""
    return Message.objects.visible_to(user).select_related("recipient").defer("body")


def settle_counts() -> dict[str, int]:
    """How many messages wait for a person's decision, by state: one query."""
    counted = Message.objects.to_settle().order_by().values_list("state")
    found = dict(counted.annotate(number=Count("id")))
    return {
        "uncertain": found.get(MessageState.UNCERTAIN, 0),
        "failed": found.get(MessageState.FAILED, 0),
    }


def coming_reminders(*, now: datetime, days: int = PREVIEW_DAYS) -> ComingReminders:
    """What the rules will find in the coming ``days``, computed and not written anywhere.

    It knows what is so today: somebody who does what they are asked is reminded no more.
    """
    rows: list[ComingReminder] = []
    cut_short = []
    for rule in reminder_rules:
        found = list(islice(_coming_of(rule, now, days), PREVIEW_OBJECTS + 1))
        if len(found) > PREVIEW_OBJECTS:
            cut_short.append(str(rule.kind.title))
        rows.extend(found[:PREVIEW_OBJECTS])
    return ComingReminders(sorted(rows, key=lambda row: (row.day, row.title)), cut_short)


def _coming_of(rule: ReminderRule, now: datetime, days: int) -> Iterator[ComingReminder]:
    seen: set[str] = set()
    for ahead in range(days + 1):
        moment = now + timedelta(days=ahead)
        due = rule.due(moment)[: PREVIEW_OBJECTS * 2]
        fresh = [wanted for wanted in wanted_at(rule, moment, due) if wanted.key not in seen]
        seen.update(wanted.key for wanted in fresh)
        by_object: dict[str, list[Any]] = {}
        for wanted in not_queued(fresh) if fresh else []:
            by_object.setdefault(str(wanted.about), []).append(wanted.person)
        for about, people in by_object.items():
            yield ComingReminder(
                day=timezone.localdate(moment),
                title=str(rule.kind.title),
                about=about,
                people=sorted(str(person) for person in people),
            )


def reminder_choices(person: Any, muted: list[str]) -> list[tuple[str, Any]]:
    """The kinds of reminder that ``person`` has had, or does not want, by title: one query."""
    had = set(
        Message.objects.filter(
            recipient=person, kind__in=[kind for kind, _rule in reminder_rules.items()]
        )
        .order_by()
        .values_list("kind", flat=True)
        .distinct()
    )
    known = [kinds.get(name) for name in had | set(muted) if name in kinds]
    return sorted(((kind.name, kind.title) for kind in known), key=lambda pair: str(pair[1]))


def preference_of(person: Any) -> Preference:
    """What ``person`` chose, or what holds for those who chose nothing."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """For those who look after the outbox: messages that may have gone, or could not. One query."""
    if not is_programme_team(user):
        return []
    count = sum(settle_counts().values())
    if not count:
        return []
    text = ngettext(
        "message needs you to say what to do with it",
        "messages need you to say what to do with them",
        count,
    )
    return [Todo(text=text, url=reverse("notifications:to-settle"), count=count)]


def messages_of_person(person: Any) -> dict[str, Any]:
    """What this room holds about ``person``."""
    preference = preference_of(person)
    return {
        "reminders": {"rhythm": preference.rhythm, "not_wanted": preference.muted_kinds},
        "messages": [
            {
                "kind": message.kind,
                "subject": message.subject,
                "text": "" if message.is_secret else plain_text(message.body),
                "state": message.state,
                "queued": message.created_at.isoformat(),
                "sent": message.sent_at.isoformat() if message.sent_at else None,
            }
            for message in Message.objects.filter(recipient=person).order_by("id")
        ],
    }
