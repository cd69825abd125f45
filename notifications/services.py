"""Putting messages in the outbox, and what people choose about theirs."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils import translation

from .models import Message, Preference
from .registry import Kind, kinds
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

    Errors: ``KeyError`` for a kind that is not registered, of which nobody would know whether
    it is secret or may come twice.
    """
    kinds.get(kind.name)
    key = dedupe_key(kind, about, to, period)
    if queued := Message.objects.filter(dedupe_key=key).first():
        return queued
    draft = draft_message(
        kind=kind, to=to, about=about, key=key, context=context, send_at=send_at or now
    )
    fields = ["kind", "recipient", "address", "content_type", "object_id", "subject", "body"]
    fields += ["send_at", "is_example"]
    message, _made = Message.objects.get_or_create(
        dedupe_key=key, defaults={name: getattr(draft, name) for name in fields}
    )
    wake_on_commit()
    return message


def dedupe_key(kind: Kind, about: models.Model, to: Any, period: str) -> str:
    """What makes a message the same message: its kind, object, person and period."""
    if isinstance(to, str):
        whom = "a" + hashlib.sha256(to.strip().lower().encode()).hexdigest()[:24]
    else:
        whom = str(to.pk)
    return f"{kind.name}:{about._meta.label_lower}.{about.pk}:{whom}:{period}"


def draft_message(
    *,
    kind: Kind,
    to: Any,
    about: models.Model,
    key: str,
    context: dict[str, Any] | None,
    send_at: datetime,
    in_digest: bool = False,
) -> Message:
    """The message, in the person's language, not saved."""
    address = to if isinstance(to, str) else ""
    recipient = None if address else to
    language = recipient.language if recipient else settings.LANGUAGE_CODE
    words = {"recipient": recipient, "about": about, **(context or {})}
    if "path" in words:
        words["url"] = f"{settings.PORTAL_BASE_URL}{words['path']}"
    with translation.override(language):
        subject = render_to_string(kind.template("subject"), words)
        body = render_to_string(kind.template("body"), words)
    return Message(
        dedupe_key=key,
        kind=kind.name,
        recipient=recipient,
        address=address,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        subject=" ".join(subject.split())[:250],
        body=body.strip() + "\n",
        send_at=send_at,
        in_digest=in_digest,
        is_example=getattr(about, "is_example", False),
    )


def wake_on_commit() -> None:
    """Wake a sender once this transaction stands; once, however many messages it queues."""
    if not any(entry[1] is wake_sender for entry in connection.run_on_commit):
        transaction.on_commit(wake_sender)


def save_preference(*, person: Any, rhythm: str, muted_kinds: Iterable[str]) -> Preference:
    """Keep how ``person`` wants their reminders."""
    preference, _made = Preference.objects.update_or_create(
        person=person, defaults={"rhythm": rhythm, "muted_kinds": sorted(set(muted_kinds))}
    )
    return preference


def mute(*, person: Any, kind_names: Iterable[str]) -> Preference:
    """Send ``person`` no more reminders of these kinds; doing it twice changes nothing."""
    with transaction.atomic():
        preference, _made = Preference.objects.select_for_update().get_or_create(person=person)
        preference.muted_kinds = sorted({*preference.muted_kinds, *kind_names})
        preference.save(update_fields=["muted_kinds", "updated_at"])
    return preference
