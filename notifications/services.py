"""Putting messages in the outbox, and what people choose about theirs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils import translation

from .enums import Rhythm
from .models import Message, Preference
from .registry import Kind, kinds
from .rhythm import next_moment
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


@dataclass(frozen=True)
class Outgoing:
    """A message to be put in the outbox: to whom, what about, and what its templates are given."""

    to: Any
    about: models.Model
    context: dict[str, Any] | None = None
    period: str = ""


def queue_all(
    *, kind: Kind, messages: Iterable[Outgoing], now: datetime, together: bool = False
) -> int:
    """Put many messages of one kind in the outbox, as ``queue`` does one; returns how many are new.

    ``together``: they wait for the morning, or for Monday where a person chose that, and come in
    one message with whatever else is due then. A handful of queries for each 500 messages. Errors:
    ``KeyError``.
    """
    kinds.get(kind.name)
    keyed = {dedupe_key(kind, one.about, one.to, one.period): one for one in messages}
    known = Message.objects.filter(dedupe_key__in=keyed).values_list("dedupe_key", flat=True)
    missing = [(key, keyed[key]) for key in keyed.keys() - set(known)]
    rhythms = _rhythms({one.to for _key, one in missing}) if together else {}
    drafts = [
        draft_message(
            kind=kind,
            to=one.to,
            about=one.about,
            key=key,
            context=one.context,
            send_at=next_moment(rhythms[one.to], now) if together else now,
            in_digest=together,
        )
        for key, one in sorted(missing, key=itemgetter(0))
    ]
    # Another run may have been quicker: its row stands, and ours is left out.
    Message.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=500)
    if drafts:
        wake_on_commit()
    return len(drafts)


def _rhythms(people: set[Any]) -> dict[Any, str]:
    """How often each gets what is sent together: once a day, unless they chose once a week."""
    chosen = Preference.objects.filter(person__in=people, rhythm=Rhythm.WEEKLY)
    weekly = set(chosen.values_list("person_id", flat=True))
    return {one: Rhythm.WEEKLY if one.pk in weekly else Rhythm.DAILY for one in people}


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
