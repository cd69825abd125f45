"""What an organisation did with us, as the rooms above tell it, and who changed what is known.

A room registers a ``HistoryProvider`` from its ``AppConfig.ready``::

    history_providers.add("projects", HistoryProvider(name=..., lines=..., organisations=...))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import entries_of
from core.enums import AuditAction
from core.history import Event, audit_text, field_label, field_words, part_words, who
from core.registry import Registry

from .models import Organisation

MOST = 200


@dataclass(frozen=True)
class HistoryLine:
    """One thing that an organisation did with us; ``url`` where the reader may open it."""

    on: date | datetime | None
    text: str
    url: str = ""
    detail: str = ""

    @property
    def day(self) -> date | None:
        return timezone.localdate(self.on) if isinstance(self.on, datetime) else self.on


@dataclass(frozen=True)
class HistoryProvider:
    """What a room knows of organisations.

    ``name`` says of an organisation what it has done ("Has applied"); it is a choice of the
    register's filter. ``lines(organisation, user)`` gives what ``user`` may see, in one or two
    queries; ``organisations(user)`` the ids (as a queryset of one column) of organisations with
    such a line for ``user``. What a person may not see must not show in either.
    """

    name: str | Promise
    lines: Callable[[Organisation, Any], list[HistoryLine]]
    organisations: Callable[[Any], models.QuerySet]


history_providers: Registry[HistoryProvider] = Registry("history of organisations")


def history_with_us(organisation: Organisation, user: Any) -> list[HistoryLine]:
    """All that ``user`` may see of what ``organisation`` did with us, the newest first."""
    lines = [line for one in history_providers for line in one.lines(organisation, user)]
    return sorted(lines, key=lambda line: (line.day or date.min, line.text), reverse=True)[:MOST]


# What an entry of the audit trail says: added, removed, changed.
PART_WORDS = {
    "identifier": (
        gettext_lazy("Added the number %(new)s"),
        gettext_lazy("Removed the number %(old)s"),
        gettext_lazy("Changed a number from %(old)s to %(new)s"),
    ),
    "outreach": (
        gettext_lazy("Noted getting in touch: %(new)s"),
        gettext_lazy("Removed from the outreach log: %(old)s"),
        gettext_lazy("Changed in the outreach log: from “%(old)s” to “%(new)s”"),
    ),
    "followed_up": (
        gettext_lazy("Settled what was to be followed up: %(new)s"),
        gettext_lazy("Settled what was to be followed up: %(old)s"),
        gettext_lazy("Settled what was to be followed up: %(new)s"),
    ),
    "merged": (
        gettext_lazy("Merged “%(new)s” into this organisation"),
        gettext_lazy("Merged “%(old)s” into this organisation"),
        gettext_lazy("Merged “%(old)s” into “%(new)s”"),
    ),
    "merged_away": (
        gettext_lazy("Merged into “%(new)s”"),
        gettext_lazy("Merged into “%(old)s”"),
        gettext_lazy("Merged into “%(new)s”"),
    ),
}


def changes_of(organisation: Organisation) -> list[Event]:
    """Who changed what of ``organisation``, the newest first. One query."""
    rows = entries_of(organisation).order_by("-at", "-id")[:MOST]
    return [_event(row) for row in rows]


def _event(row: Any) -> Event:
    if row.action == AuditAction.CREATED and not row.changes:
        return Event(row.at, _("Organisation added"), who(row), row.note)
    return Event(row.at, audit_text(row, _change_words), who(row), row.note)


def _change_words(name: str, change: list[str]) -> str:
    old, new = change
    if name in PART_WORDS:
        return part_words(PART_WORDS[name], old, new)
    return field_words(field_label(Organisation, name), old, new)
