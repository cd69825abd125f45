"""The sweep that finds reminders which are due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from core.exports import pieces
from core.sweeps import Problems

from .enums import Rhythm
from .models import Message, Preference
from .registry import ReminderRule, reminder_rules
from .rhythm import next_moment
from .services import dedupe_key, draft_message, wake_on_commit

BATCH = 500
# Each rhythm and those to fall back to, in their order.
QUICKER = {
    Rhythm.WEEKLY: (Rhythm.WEEKLY, Rhythm.DAILY, Rhythm.AT_ONCE),
    Rhythm.DAILY: (Rhythm.DAILY, Rhythm.AT_ONCE),
    Rhythm.AT_ONCE: (Rhythm.AT_ONCE,),
}


@dataclass(frozen=True)
class Wanted:
    """A reminder that somebody should have."""

    key: str
    rule: ReminderRule
    about: Any
    person: Any


def queue_due_reminders(*, now: datetime) -> int:
    """Queue each reminder that is due and not queued yet; returns how many were new.

    May run as often as one likes, in as many processes as one likes. What is due but queued
    already costs one query for each 500, not one each. Errors: ``ExceptionGroup`` of the rules
    that failed, when the others have been looked through.
    """
    new = 0
    problems = Problems("reminders")
    for name, rule in reminder_rules.items():
        with problems.of(name), transaction.atomic():
            for batch in pieces(wanted_at(rule, now), BATCH):
                new += _queue_batch(rule, batch, now)
    if new:
        wake_on_commit()
    problems.raise_any()
    return new


def wanted_at(
    rule: ReminderRule, now: datetime, due: models.QuerySet | None = None
) -> Iterator[Wanted]:
    """The reminders of ``rule`` at ``now``, those that are queued already among them."""
    found = rule.due(now) if due is None else due
    for objects in pieces(found.iterator(chunk_size=BATCH), BATCH):
        standing = [about for about in objects if rule.skip_reason(about, now) is None]
        for about, person in rule.recipients(standing) if standing else []:
            key = dedupe_key(rule.kind, about, person, rule.period(about))
            yield Wanted(key, rule, about, person)


def not_queued(batch: Sequence[Wanted]) -> list[Wanted]:
    """Those that have no message yet, each once."""
    keys = {wanted.key: wanted for wanted in batch}
    known = Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    for key in known:
        del keys[key]
    return list(keys.values())


def _queue_batch(rule: ReminderRule, batch: Sequence[Wanted], now: datetime) -> int:
    missing = not_queued(batch)
    if not missing:
        return 0
    people = {wanted.person.pk for wanted in missing}
    chosen = {row.person_id: row for row in Preference.objects.filter(person__in=people)}
    drafts = []
    for wanted in missing:
        preference = chosen.get(wanted.person.pk) or Preference()
        if rule.kind.name not in preference.muted_kinds:
            drafts.append(_draft(wanted, preference.rhythm, now))
    # Another sweep may have been quicker: its row stands, and ours is left out.
    Message.objects.bulk_create(drafts, ignore_conflicts=True)
    ours = [draft.message_id for draft in drafts]
    return Message.objects.filter(message_id__in=ours).count() if ours else 0


def _moment(wanted: Wanted, rhythm: str, now: datetime) -> tuple[datetime, bool]:
    """When it goes, and whether with the person's others: in the rhythm that they chose, or in the
    next quicker one whose moment still lies before what it is about."""
    until = wanted.rule.until(wanted.about)
    for one in QUICKER[Rhythm(rhythm)]:
        moment = next_moment(one, now)
        if until is None or moment < until:
            return moment, one != Rhythm.AT_ONCE
    return next_moment(Rhythm.AT_ONCE, now), False


def _draft(wanted: Wanted, rhythm: str, now: datetime) -> Message:
    send_at, in_digest = _moment(wanted, rhythm, now)
    return draft_message(
        kind=wanted.rule.kind,
        to=wanted.person,
        about=wanted.about,
        key=wanted.key,
        context=wanted.rule.context(wanted.about, wanted.person),
        send_at=send_at,
        in_digest=in_digest,
    )
