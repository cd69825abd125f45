"""Sending what is due: claimed by compare-and-swap, in chunks, on one connection each."""

import logging
import smtplib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from core.markdown import render_markdown

from .enums import MessageState, Promise
from .models import Message
from .registry import kinds, reminder_rules

logger = logging.getLogger(__name__)

CHUNK = 100
# A claim this old belongs to a worker that was killed: sending one chunk takes seconds.
CLAIM_LIFE = timedelta(minutes=5)
MAX_ATTEMPTS = 8


def send_due(*, now: datetime, chunk: int = CHUNK) -> int:
    """Send what is due at ``now``; returns how many were sent.

    Safe to run in several workers at once: each claims its own rows. A message whose sending was
    cut off is sent again under its old Message-ID when its kind promises arrival, and is marked
    uncertain, for staff to see, when its kind promises never to come twice.
    """
    _settle_broken_claims(now)
    sent = 0
    while rows := _claim(now, chunk):
        sent += _send_chunk(rows, now)
        if len(rows) < chunk:
            break
    return sent


def _settle_broken_claims(now: datetime) -> None:
    broken = Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lt=now - CLAIM_LIFE)
    at_most_once = [kind.name for kind in kinds if kind.promise == Promise.AT_MOST_ONCE]
    # Rows that were claimed but not yet tried have no attempt under this claim: still safe.
    tried = broken.filter(kind__in=at_most_once, problem="started")
    tried.update(state=MessageState.UNCERTAIN, claim=None)
    broken.update(state=MessageState.QUEUED, claim=None, problem="")


def _claim(now: datetime, chunk: int) -> list[Message]:
    """Mark up to ``chunk`` due rows as ours. Two workers never get the same row."""
    due = Message.objects.filter(state=MessageState.QUEUED, send_at__lte=now)
    ids = list(due.order_by("send_at", "id").values_list("id", flat=True)[:chunk])
    if not ids:
        return []
    claim = uuid.uuid4()
    due.filter(id__in=ids).update(
        state=MessageState.CLAIMED, claim=claim, claimed_at=now, problem=""
    )
    return list(Message.objects.filter(claim=claim).select_related("recipient").order_by("id"))


def _send_chunk(rows: Iterable[Message], now: datetime) -> int:
    sent = 0
    connection = get_connection()
    try:
        for message in rows:
            sent += _send_one(message, connection, now)
    finally:
        connection.close()
    return sent


def _mine(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, claim=message.claim)


def _send_one(message: Message, connection: Any, now: datetime) -> bool:
    reason = _reason_gone(message, now)
    if reason:
        _mine(message).update(state=MessageState.DROPPED, problem=reason[:60], claim=None)
        return False
    if not _mine(message).update(problem="started", attempts=message.attempts + 1):
        return False  # Our claim was taken for broken, and somebody else has the message now.
    try:
        connection.send_messages([_email(message, connection)])
    except (smtplib.SMTPException, OSError) as error:
        _put_back(message, type(error).__name__, now)
        return False
    blank = {"body": ""} if _is_secret(message) else {}
    _mine(message).update(state=MessageState.SENT, sent_at=now, claim=None, problem="", **blank)
    return True


def _put_back(message: Message, problem: str, now: datetime) -> None:
    """Try later, waiting longer each time; after ``MAX_ATTEMPTS`` it is for staff to see."""
    attempts = message.attempts + 1
    state = MessageState.FAILED if attempts >= MAX_ATTEMPTS else MessageState.QUEUED
    wait = timedelta(minutes=2**attempts)
    _mine(message).update(state=state, problem=problem[:60], claim=None, send_at=now + wait)
    logger.warning("message.not_sent id=%s problem=%s attempts=%s", message.pk, problem, attempts)


def _reason_gone(message: Message, now: datetime) -> str | None:
    """Why a reminder is no longer needed; ``None`` when it is, and for all other messages."""
    if message.kind not in reminder_rules:
        return None
    about = message.about
    if about is None:
        return "gone"
    return reminder_rules.get(message.kind).skip_reason(about, now)


def _is_secret(message: Message) -> bool:
    return message.kind in kinds and kinds.get(message.kind).secret


def _email(message: Message, connection: Any) -> EmailMultiAlternatives:
    person = message.recipient
    language = person.language if person else settings.LANGUAGE_CODE
    with translation.override(language):
        html = render_to_string(
            "notifications/email/layout.html",
            {"message": message, "body_html": render_markdown(message.body), "lang": language},
        )
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[person.email if person else message.address],
        headers={
            "Message-ID": f"<{message.message_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    email.attach_alternative(html, "text/html")
    return email
