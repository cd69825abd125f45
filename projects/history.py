"""The history of a project in words, made from its three logs."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import entries_of
from core.dates import short_date
from core.enums import AuditAction
from core.history import Event, audit_text, field_label, field_words, part_words, who
from core.transitions import transitions_of

from .enums import ProjectState, Rag
from .models import Project

# What an entry of the audit trail says: [added, removed, changed]; "%(old)s" and "%(new)s".
PART_WORDS = {
    "role": (
        gettext_lazy("Gave somebody the role “%(new)s”"),
        gettext_lazy("Ended the role “%(old)s” of somebody"),
        gettext_lazy("Changed until when somebody has the role “%(new)s”"),
    ),
    "projectfile": (
        gettext_lazy("Added the file “%(new)s”"),
        gettext_lazy("Removed the file “%(old)s”"),
        gettext_lazy("Changed the file “%(new)s”"),
    ),
    "updateimage": (
        gettext_lazy("Added a picture to the update “%(new)s”"),
        gettext_lazy("Removed a picture from the update “%(old)s”"),
        gettext_lazy("Changed a picture of the update “%(new)s”"),
    ),
    "risk": (
        gettext_lazy("Added the risk “%(new)s”"),
        gettext_lazy("Removed the risk “%(old)s”"),
        gettext_lazy("Changed the risk “%(new)s”"),
    ),
    "theorypart": (
        gettext_lazy("Theory of change: added “%(new)s”"),
        gettext_lazy("Theory of change: removed “%(old)s”"),
        gettext_lazy("Theory of change: changed “%(old)s” to “%(new)s”"),
    ),
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
    "image_words": gettext_lazy("Said what a picture shows: “%(new)s”"),
    "theory_links": gettext_lazy("Theory of change: said anew what “%(new)s” leads to"),
    "theory_moved": gettext_lazy("Theory of change: moved “%(new)s” in its list"),
    "risk_close": gettext_lazy("Closed the risk “%(new)s”"),
    "risk_reopen": gettext_lazy("Opened the risk “%(new)s” again"),
    "milestone_done": gettext_lazy("Reached the milestone “%(new)s”"),
    "milestone_moved": gettext_lazy("Moved the day of the milestone “%(new)s”"),
    "milestone_open": gettext_lazy("Marked the milestone “%(new)s” as not reached"),
    "update_publish": gettext_lazy("Published the update “%(new)s”"),
    "update_take_down": gettext_lazy("Took down the update “%(new)s”"),
}


def history_of(project: Project, most: int) -> list[Event]:
    """The newest ``most`` events of ``project``, newest first. Three queries, two where nobody has
    said yet how it goes."""
    said = project.rag_changes.all() if project.rag else project.rag_changes.none()
    events = [
        *(_status_event(row) for row in transitions_of(project).order_by("-at", "-id")[:most]),
        *(_audit_event(row) for row in entries_of(project).order_by("-at", "-id")[:most]),
        *(_rag_event(row) for row in said.select_related("by").order_by("-at", "-id")[:most]),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def _status_event(row: Any) -> Event:
    words = _("Status changed from “%(old)s” to “%(new)s”") % {
        "old": ProjectState(row.source).label,
        "new": ProjectState(row.target).label,
    }
    return Event(row.at, words, who(row), row.reason)


def _rag_event(row: Any) -> Event:
    words = _("How it is going: “%(new)s”")
    if row.rag_before:
        words = _("How it is going: from “%(old)s” to “%(new)s”")
    labels = {"old": row.rag_before and Rag(row.rag_before).label, "new": Rag(row.rag).label}
    return Event(row.at, words % labels, who(row), row.reason)


def _audit_event(row: Any) -> Event:
    if row.action == AuditAction.CREATED:
        return Event(row.at, _("Project added"), who(row))
    return Event(row.at, audit_text(row, _change_words), who(row), row.note)


def _day(iso: str) -> str:
    return short_date(date.fromisoformat(iso)) if iso else _("no day")


def _change_words(name: str, change: list[str]) -> str:
    old, new = change
    if name in {"milestone_moved_days", "role_last_day"}:
        return _("from %(old)s to %(new)s") % {"old": _day(old), "new": _day(new)}
    if name in DEED_WORDS:
        return str(DEED_WORDS[name]) % {"old": old, "new": new}
    if name in PART_WORDS:
        return part_words(PART_WORDS[name], old, new)
    label = _("nations") if name == "nations" else field_label(Project, name)
    return field_words(label, old, new)
