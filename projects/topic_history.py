"""The history of a topic in words, made from its logs and its scores."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import entries_of
from core.enums import AuditAction
from core.transitions import transitions_of

from .enums import TopicState
from .history import Event
from .models import Topic, TopicScore

# What an entry of the audit trail says: (added, removed); nobody takes a question or reply back.
DEED_WORDS = {
    "origin": (
        gettext_lazy("Said what raised it: “%(new)s”"),
        gettext_lazy("Took away what raised it: “%(old)s”"),
    ),
    "asked": (gettext_lazy("Asked for evidence: %(new)s"), ""),
    "reply": (gettext_lazy("%(new)s replied about evidence"), ""),
}


def history_of(topic: Topic, most: int) -> list[Event]:
    """The newest ``most`` events of ``topic``, newest first. Three queries and one for types."""
    scores = topic.scores.select_related("by").order_by("-at", "-id")[:most]
    events = [
        *(_state_event(row) for row in transitions_of(topic).order_by("-at", "-id")[:most]),
        *(_audit_event(row) for row in entries_of(topic).order_by("-at", "-id")[:most]),
        *(_score_event(row) for row in scores),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def _who(row: Any) -> str:
    return str(row.by) if row.by else ""


def _state_event(row: Any) -> Event:
    words = _("From “%(old)s” to “%(new)s”") % {
        "old": TopicState(row.source).label,
        "new": TopicState(row.target).label,
    }
    return Event(row.at, words, _who(row), row.reason)


def _score_event(row: TopicScore) -> Event:
    words = _("Scored “%(criterion)s”: %(score)s") % {
        "criterion": row.get_criterion_display(),
        "score": row.get_score_display(),
    }
    return Event(row.at, words, _who(row), row.reason)


def _audit_event(row: Any) -> Event:
    if row.action == AuditAction.CREATED:
        return Event(row.at, _("Topic suggested"), _who(row))
    words = "; ".join(_change_words(name, *change) for name, change in row.changes.items())
    return Event(row.at, words or str(row.get_action_display()), _who(row), row.note)


def _change_words(name: str, old: str, new: str) -> str:
    values = {"old": old, "new": new}
    if name in DEED_WORDS:
        added, removed = DEED_WORDS[name]
        return str(added if new else removed) % values
    label = str(getattr(Topic._meta.get_field(name), "verbose_name", name))
    if not old or not new or len(old) + len(new) > 120:
        return _("Changed %(field)s") % {"field": label}
    return _("Changed %(field)s from “%(old)s” to “%(new)s”") % {"field": label, **values}
