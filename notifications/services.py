"""Putting messages in the outbox."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import translation

from .models import Message
from .registry import Kind
from .waking import wake_sender


def queue(
    *,
    kind: Kind,
    to: Any,
    about: models.Model,
    now: datetime,
    context: dict[str, Any] | None = None,
    period: str = "",
    send_at: datetime | None = None,
) -> Message:
    """Put one message to the person ``to`` (a user, or an address as text) in the outbox.

    Call it inside the transaction of the deed. The same kind, object, person and ``period``
    give the same row, however often it is called. ``context["path"]`` becomes the absolute
    ``url`` in the templates. Returns the row, new or old.
    """
    address = to if isinstance(to, str) else ""
    recipient = None if address else to
    content_type = ContentType.objects.get_for_model(about)
    whom = recipient.pk if recipient else f"i{about.pk}"
    key = f"{kind.name}:{content_type.app_label}.{about.pk}:{whom}:{period}"
    if queued := Message.objects.filter(dedupe_key=key).first():
        return queued
    language = recipient.language if recipient else settings.LANGUAGE_CODE
    words = {"recipient": recipient, "about": about, **(context or {})}
    subject, body = _words(kind, words, language)
    message, _made = Message.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "kind": kind.name,
            "recipient": recipient,
            "address": address,
            "content_type": content_type,
            "object_id": str(about.pk),
            "subject": subject,
            "body": body,
            "send_at": send_at or now,
            "is_example": getattr(about, "is_example", False),
        },
    )
    transaction.on_commit(wake_sender)
    return message


def _words(kind: Kind, context: dict[str, Any], language: str) -> tuple[str, str]:
    if "path" in context:
        context["url"] = f"{settings.PORTAL_BASE_URL}{context['path']}"
    with translation.override(language):
        subject = render_to_string(kind.template("subject"), context)
        body = render_to_string(kind.template("body"), context)
    return " ".join(subject.split())[:250], body.strip() + "\n"
