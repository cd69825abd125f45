"""What happened to an object, as lines in words; rooms make theirs of the audit trail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

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
