"""What happened to an object, as lines in words; rooms make theirs of the audit trail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .audit import entries_of
from .enums import AuditAction
from .transitions import transitions_of

# Longer values are not repeated in a line of the history.
LONGEST = 120
Words = Mapping[str, str | Promise]


@dataclass(frozen=True)
class Event:
    """One line of a history; ``who`` is empty when the portal did it itself."""

    at: datetime
    text: str
    who: str = ""
    reason: str = ""


def who(row: Any) -> str:
    """The name of whoever made a row of a log."""
    return str(row.by) if row.by else ""


def field_words(label: str, old: str, new: str) -> str:
    """That a field changed, with both values where they are short."""
    if not old or not new or len(old) + len(new) > LONGEST:
        return _("Changed %(field)s") % {"field": label}
    return _("Changed %(field)s from “%(old)s” to “%(new)s”") % {
        "field": label,
        "old": old,
        "new": new,
    }


def field_label(model: type[models.Model], name: str) -> str:
    """What people call the field ``name`` of ``model``; the bare name of one that has gone."""
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def part_words(words: tuple[Any, Any, Any], old: str, new: str) -> str:
    """A part that was added, removed or changed: its words are ``(added, removed, changed)``."""
    added, removed, changed = words
    chosen = added if not old else removed if not new else changed
    return str(chosen) % {"old": old, "new": new}


def audit_text(row: Any, change_words: Callable[[str, list[str]], str]) -> str:
    """An entry of the audit trail in one line; ``change_words(name, [old, new])`` for each."""
    words = "; ".join(change_words(name, change) for name, change in row.changes.items())
    return words or str(row.get_action_display())


def events_of(obj: models.Model, most: int, *, reads: bool = True) -> list[Event]:
    """The newest ``most`` events of any object, from its two logs, the newest first.

    ``reads``: whether to say also who looked. Two queries.
    """
    entries = entries_of(obj)
    if not reads:
        entries = entries.exclude(action=AuditAction.VIEWED)
    events = [
        *(_entry(obj, row) for row in entries.order_by("-at", "-id")[:most]),
        *(_step(obj, row) for row in transitions_of(obj).order_by("-at", "-id")[:most]),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def _entry(obj: models.Model, row: Any) -> Event:
    def changed(name: str, change: list[str]) -> str:
        return field_words(field_label(type(obj), name), *change)

    text = audit_text(row, changed)
    named = {"thing": obj._meta.verbose_name, "text": text}
    return Event(row.at, _("%(thing)s: %(text)s") % named, who(row), row.note)


def _step(obj: models.Model, row: Any) -> Event:
    labels = dict(getattr(obj._meta.get_field("state"), "flatchoices", []))
    words = _("From “%(old)s” to “%(new)s”") % {
        "old": labels.get(row.source, row.source),
        "new": labels.get(row.target, row.target),
    }
    return Event(row.at, words, who(row), row.reason)
