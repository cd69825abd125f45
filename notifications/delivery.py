"""Sending what is due: claimed by compare-and-swap, in chunks, on one connection each.

The states are set here by UPDATE and not by ``core.transitions``: a claim is a compare-and-swap
on many rows at once, nobody takes these steps, and the row itself is their log. What a person
decides about a message goes through ``transitions.py``.
"""

import logging
import smtplib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, TextField, Value, When

from core.sweeps import Problems

from .enums import MessageState, Promise, Rhythm
from .mail import build_email
from .models import Message, Preference
from .registry import kinds, reminder_rules
from .rhythm import day_began, is_quiet, next_moment

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

CHUNK = 100
# A claim is renewed before each e-mail, so one this old belongs to a worker that was killed or
# waits for a mail server that takes ``EMAIL_TIMEOUT`` several times over.
CLAIM_LIFE = timedelta(minutes=2)
# One call stops after this long, well inside the time that a task may take.
BUDGET = timedelta(minutes=4)
MAX_ATTEMPTS = 8

STARTED = "started"
# The mail server, or the service behind anymail, said no or was not there.
MAIL_PROBLEMS = (smtplib.SMTPException, OSError, AnymailError)


class NotNow(Exception):
    """No mail can be sent now, or not by this call; no message is to blame."""


@dataclass
class Sending:
    """One call of ``send_due``: its clock, and what it has done."""

    clock: Clock
    until: datetime
    sent: int = 0
    problems: Problems = field(default_factory=lambda: Problems("messages"))

    def check_time(self) -> None:
        """Errors: ``NotNow`` when this call has had its time."""
        if self.clock() >= self.until:
            raise NotNow("time_over")


def send_due(*, now: datetime, clock: Clock | None = None, chunk: int = CHUNK) -> int:
    """Send what is due at ``now``; returns how many messages were sent.

    Safe to run in several workers at once: each claims its own rows. A message whose sending was
    cut off is sent again under its old Message-ID when its kind promises arrival, and is marked
    uncertain, for staff to see, when its kind promises never to come twice. ``clock`` gives the
    moment as sending goes on; without it all of it happens at ``now``. Errors: ``ExceptionGroup``
    of what failed for another reason than the mail server's, when the others have been sent.
    """
    sending = Sending(clock=clock or (lambda: now), until=now + BUDGET)
    _settle_broken_claims(now)
    try:
        while rows := _claim(sending.clock(), chunk):
            _send_chunk(rows, sending)
            sending.check_time()
    except NotNow as reason:
        logger.warning("mail.put_off reason=%s", reason)
    sending.problems.raise_any()
    return sending.sent


# --- Claims ------------------------------------------------------------------------------------


def _at_most_once() -> list[str]:
    return [kind.name for kind in kinds if kind.promise == Promise.AT_MOST_ONCE]


def _settle_broken_claims(now: datetime) -> None:
    broken = Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lt=now - CLAIM_LIFE)
    # A row that was claimed but not begun has no mark under this claim: it is safe to send. The
    # claim stays on an uncertain row, so that its worker, if it lives, can still say "sent".
    broken.filter(kind__in=_at_most_once(), problem=STARTED).update(state=MessageState.UNCERTAIN)
    broken.filter(attempts__gte=MAX_ATTEMPTS).update(state=MessageState.FAILED, claim=None)
    broken.update(state=MessageState.QUEUED, claim=None, problem="")


def _locked(rows: QuerySet[Message]) -> QuerySet[Message]:
    """The rows, locked where the database can, leaving out those another worker is claiming.

    SQLite has one writer at a time: nobody else is claiming.
    """
    if database.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _claim(now: datetime, chunk: int) -> list[Message]:
    """Mark due rows as ours: up to ``chunk``, and all digest rows of the people among them.

    Two workers never get the same row, nor the rows of one digest.
    """
    due = Message.objects.due(now)
    if is_quiet(now):
        due = due.exclude(kind__in=_at_most_once())
    with transaction.atomic():
        first = list(
            _locked(due)
            .order_by("send_at", "id")
            .values_list("id", "recipient_id", "in_digest")[:chunk]
        )
        ids = {row[0] for row in first}
        people = {row[1] for row in first if row[2]}
        if people:
            together = due.filter(in_digest=True, recipient_id__in=people)
            ids |= set(_locked(together).values_list("id", flat=True))
        if not ids:
            return []
        claim = uuid.uuid4()
        due.filter(id__in=ids).update(
            state=MessageState.CLAIMED, claim=claim, claimed_at=now, problem=""
        )
    claimed = Message.objects.filter(claim=claim, state=MessageState.CLAIMED)
    return list(claimed.select_related("recipient").prefetch_related("about").order_by("id"))


def _mine(rows: Sequence[Message]) -> QuerySet[Message]:
    """The rows that are still under our claim; an uncertain one may be again."""
    return Message.objects.filter(
        pk__in=[row.pk for row in rows],
        claim=rows[0].claim,
        state__in=[MessageState.CLAIMED, MessageState.UNCERTAIN],
    )


# --- Sending -----------------------------------------------------------------------------------


def _send_chunk(rows: list[Message], sending: Sending) -> None:
    parcels = _parcels(_still_wanted(rows, sending))
    if not parcels:
        return
    connection = get_connection()
    try:
        for place, parcel in enumerate(parcels):
            try:
                sending.check_time()
                _open(connection, is_first=place == 0)
            except NotNow:
                _release([row for rest in parcels[place:] for row in rest], sending.clock())
                raise
            _send_parcel(parcel, connection, sending)
    finally:
        _close(connection)


def _still_wanted(rows: Sequence[Message], sending: Sending) -> list[Message]:
    """The rows without those that nobody needs, and those beyond a person's share of today."""
    now = sending.clock()
    reminders = [row for row in rows if row.kind in reminder_rules]
    people = {row.recipient_id for row in reminders if row.recipient_id}
    muted = dict(
        Preference.objects.filter(person__in=people).values_list("person_id", "muted_kinds")
    )
    today = _sent_today(people, now)
    wanted = []
    for row in rows:
        try:
            reason = _reason_gone(row, muted.get(row.recipient_id or 0, []), now)
            over_share = row.kind in reminder_rules and not row.in_digest
            over_share = over_share and not reason and _is_over_share(row, today)
            waits = over_share and _can_wait(row, now)
        except Exception as problem:
            with sending.problems.of(row.kind, row.pk):
                _set_aside([row], problem, now)
                raise
            continue
        if reason:
            _drop(row, reason)
        elif waits:
            _postpone(row, now)
        else:
            wanted.append(row)
    return wanted


def _sent_today(people: set[int], now: datetime) -> dict[int, int]:
    """For each person, how many reminders have gone today by themselves."""
    if not people:
        return {}
    counted = Message.objects.filter(
        recipient__in=people,
        kind__in=[kind for kind, _rule in reminder_rules.items()],
        in_digest=False,
        state=MessageState.SENT,
        sent_at__gte=day_began(now),
    )
    return dict(counted.values_list("recipient_id").annotate(number=Count("id")).order_by())


def _is_over_share(row: Message, today: dict[int, int]) -> bool:
    person = row.recipient_id or 0
    today[person] = today.get(person, 0) + 1
    return today[person] > settings.REMINDERS_A_DAY


def _reason_gone(row: Message, muted: Sequence[str], now: datetime) -> str | None:
    """Why a message is no longer needed; ``None`` when it is."""
    if row.recipient is not None and not (row.recipient.is_active and row.recipient.email):
        return "no_address"
    if row.kind not in reminder_rules:
        return None
    if row.kind in muted:
        return "muted"
    if row.about is None:
        return "gone"
    return reminder_rules.get(row.kind).skip_reason(row.about, now)


def _drop(row: Message, reason: str) -> None:
    _mine([row]).update(state=MessageState.DROPPED, problem=reason[:60], claim=None)


def _can_wait(row: Message, now: datetime) -> bool:
    """Whether the next morning is early enough for what a reminder is about."""
    until = reminder_rules.get(row.kind).until(row.about)
    return until is None or next_moment(Rhythm.DAILY, now) < until


def _postpone(row: Message, now: datetime) -> None:
    """To the next morning, together with whatever else waits for this person then."""
    morning = next_moment(Rhythm.DAILY, now)
    _mine([row]).update(state=MessageState.QUEUED, in_digest=True, send_at=morning, claim=None)


def _parcels(rows: Sequence[Message]) -> list[list[Message]]:
    """What goes as one e-mail: each message by itself, digest rows of one person together."""
    digests: dict[int, list[Message]] = {}
    parcels = []
    for row in rows:
        if row.in_digest and row.recipient_id in digests:
            digests[row.recipient_id].append(row)
            continue
        parcels.append([row])
        if row.in_digest and row.recipient_id:
            digests[row.recipient_id] = parcels[-1]
    return parcels


def _open(connection: Any, *, is_first: bool) -> None:
    """Make sure that somebody listens. Errors: ``NotNow``.

    Asked before each e-mail: a connection that the server has ended between two must not leave
    a reminder uncertain.
    """
    try:
        smtp = getattr(connection, "connection", None)
        if not is_first and isinstance(smtp, smtplib.SMTP):
            if _is_alive(smtp):
                return
            connection.close()
        connection.open()
    except MAIL_PROBLEMS as error:
        raise NotNow(type(error).__name__) from error


def _is_alive(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.info("mail.closed_roughly")


def _release(rows: Sequence[Message], now: datetime) -> None:
    """Give back what was not begun: it is no message's fault, and costs no attempt."""
    soon = now + timedelta(minutes=1)
    _mine(rows).filter(state=MessageState.CLAIMED).exclude(problem=STARTED).update(
        state=MessageState.QUEUED, claim=None, send_at=soon
    )


def _send_parcel(rows: Sequence[Message], connection: Any, sending: Sending) -> None:
    begun = _mine(rows).filter(state=MessageState.CLAIMED)
    if begun.update(problem=STARTED, attempts=F("attempts") + 1, claimed_at=sending.clock()) < len(
        rows
    ):
        # Our claim was taken for broken. What we have just marked goes back unsent.
        _mine(rows).update(state=MessageState.QUEUED, problem="", claim=None)
        return
    try:
        connection.send_messages([build_email(rows, connection)])
    except ValueError as error:
        # An address or a subject that cannot be written as e-mail: no later attempt will do.
        _mine(rows).update(state=MessageState.FAILED, problem=type(error).__name__[:60], claim=None)
    except MAIL_PROBLEMS as error:
        _put_back(rows, error, sending.clock())
    except Exception as error:
        with sending.problems.of(rows[0].kind, rows[0].pk):
            _put_back(rows, error, sending.clock())
            raise
    else:
        _mark_sent(rows, sending.clock())
        sending.sent += len(rows)


def _mark_sent(rows: Sequence[Message], now: datetime) -> None:
    # In one statement: no blanked body may wait to be sent, and no sent one may stay.
    secret = [row.pk for row in rows if row.is_secret]
    body = Case(When(pk__in=secret, then=Value("")), default=F("body"), output_field=TextField())
    _mine(rows).update(body=body, state=MessageState.SENT, sent_at=now, claim=None, problem="")


def _set_aside(rows: Sequence[Message], error: Exception, now: datetime) -> None:
    """What could not even be begun: later again, and after ``MAX_ATTEMPTS`` for staff to see."""
    mine, problem = _mine(rows), type(error).__name__[:60]
    mine.filter(attempts__gte=MAX_ATTEMPTS - 1).update(
        state=MessageState.FAILED, problem=problem, claim=None, attempts=F("attempts") + 1
    )
    wait = timedelta(minutes=2 ** (rows[0].attempts + 1))
    mine.update(
        state=MessageState.QUEUED,
        problem=problem,
        claim=None,
        attempts=F("attempts") + 1,
        send_at=now + wait,
    )


def _was_refused(error: Exception) -> bool:
    """Whether the server has said no, and not merely fallen silent after it had the message."""
    if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return True
    return isinstance(error, AnymailError) and getattr(error, "status_code", None) is not None


def _put_back(rows: Sequence[Message], error: Exception, now: datetime) -> None:
    """Try later, waiting longer each time; after ``MAX_ATTEMPTS`` it is for staff to see.

    A message that promises never to come twice is tried again only when it was refused.
    """
    problem = type(error).__name__[:60]
    attempts = max(row.attempts for row in rows) + 1
    logger.warning("message.not_sent id=%s problem=%s attempts=%s", rows[0].pk, problem, attempts)
    mine = _mine(rows)
    if not _was_refused(error):
        mine.filter(kind__in=_at_most_once()).update(
            state=MessageState.UNCERTAIN, problem=problem, claim=None
        )
    late = Q(attempts__gte=MAX_ATTEMPTS)
    mine.filter(late).update(state=MessageState.FAILED, problem=problem, claim=None)
    wait = timedelta(minutes=2**attempts)
    mine.update(state=MessageState.QUEUED, problem=problem, claim=None, send_at=now + wait)
