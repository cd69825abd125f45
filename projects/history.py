"""The history of a project in words, made from its three logs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import entries_of
from core.enums import AuditAction
from core.transitions import transitions_of

from .enums import ProjectState, Rag
from .models import Project

# What an entry of the audit trail says: [added, removed, changed]; "%(old)s" and "%(new)s".
PART_WORDS = {
    "milestone": (
        gettext_lazy("Added the milestone “%(new)s”"),
        gettext_lazy("Removed the milestone “%(old)s”"),
        gettext_lazy("Changed the milestone “%(new)s”"),
    ),
    "update": (
        gettext_lazy("Wrote the update “%(new)s”"),
        gettext_lazy("Removed the draft “%(old)s”"),
        gettext_lazy("Changed the draft “%(new)s”"),
    ),
    "learning": (
        gettext_lazy("Added learning: “%(new)s”"),
        gettext_lazy("Removed learning: “%(old)s”"),
        gettext_lazy("Changed learning: “%(new)s”"),
    ),
    "outcome": (
        gettext_lazy("Added an outcome: “%(new)s”"),
        gettext_lazy("Removed an outcome: “%(old)s”"),
        gettext_lazy("Changed an outcome: “%(new)s”"),
    ),
    "contribution": (
        gettext_lazy("Added the contribution “%(new)s”"),
        gettext_lazy("Removed the contribution “%(old)s”"),
        gettext_lazy("Changed the contribution “%(new)s”"),
    ),
}
DEED_WORDS = {
    "milestone_done": gettext_lazy("Reached the milestone “%(new)s”"),
    "milestone_open": gettext_lazy("Marked the milestone “%(new)s” as not reached"),
    "update_publish": gettext_lazy("Published the update “%(new)s”"),
    "update_take_down": gettext_lazy("Took down the update “%(new)s”"),
}


@dataclass(frozen=True)
class Event:
    """One line of the history; ``who`` is empty when the portal did it itself."""

    at: datetime
    text: str
    who: str = ""
    reason: str = ""


def history_of(project: Project, most: int) -> list[Event]:
    """The newest ``most`` events of ``project``, newest first. Three queries."""
    events = [
        *(_status_event(row) for row in transitions_of(project).order_by("-at", "-id")[:most]),
        *(_audit_event(row) for row in entries_of(project).order_by("-at", "-id")[:most]),
        *(
            _rag_event(row)
            for row in project.rag_changes.select_related("by").order_by("-at", "-id")[:most]
        ),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def _who(row: Any) -> str:
    return str(row.by) if row.by else ""


def _status_event(row: Any) -> Event:
    words = _("Status changed from “%(old)s” to “%(new)s”") % {
        "old": ProjectState(row.source).label,
        "new": ProjectState(row.target).label,
    }
    return Event(row.at, words, _who(row), row.reason)


def _rag_event(row: Any) -> Event:
    words = _("How it is going: “%(new)s”")
    if row.rag_before:
        words = _("How it is going: from “%(old)s” to “%(new)s”")
    labels = {"old": row.rag_before and Rag(row.rag_before).label, "new": Rag(row.rag).label}
    return Event(row.at, words % labels, _who(row), row.reason)


def _audit_event(row: Any) -> Event:
    if row.action == AuditAction.CREATED:
        return Event(row.at, _("Project added"), _who(row))
    words = "; ".join(_change_words(name, change) for name, change in row.changes.items())
    return Event(row.at, words or str(row.get_action_display()), _who(row), row.note)


def _change_words(name: str, change: list[str]) -> str:
    old, new = change
    values = {"old": old, "new": new}
    if name in DEED_WORDS:
        return str(DEED_WORDS[name]) % values
    if name in PART_WORDS:
        added, removed, changed = PART_WORDS[name]
        return str(added if not old else removed if not new else changed) % values
    label = _field_label(name)
    if not old or not new or len(old) + len(new) > 120:
        return _("Changed %(field)s") % {"field": label}
    return _("Changed %(field)s from “%(old)s” to “%(new)s”") % {"field": label, **values}


def _field_label(name: str) -> str:
    if name == "nations":
        return _("nations")
    return str(getattr(Project._meta.get_field(name), "verbose_name", name))
