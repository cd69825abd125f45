"""Messages about expressions of interest."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind, register_kind

RECEIPT = Kind(
    "expressions.receipt", _("Receipt for an expression of interest"), Promise.AT_LEAST_ONCE
)
FILE_REFUSED = Kind(
    "expressions.file_refused", _("A file that you uploaded was refused"), Promise.AT_LEAST_ONCE
)
ENTERED = Kind(
    "expressions.entered",
    _("We enter an expression of interest for your organisation"),
    Promise.AT_LEAST_ONCE,
)
CLOSING_WEEK = Kind(
    "expressions.closing_week",
    _("A call closes in a week, and your draft is not sent in"),
    Promise.AT_MOST_ONCE,
)
CLOSING_DAYS = Kind(
    "expressions.closing_days",
    _("A call closes in two days, and your draft is not sent in"),
    Promise.AT_MOST_ONCE,
)
CALL_CHANGED = Kind(
    "expressions.call_changed", _("A call that you write for has changed"), Promise.AT_LEAST_ONCE
)
CLOSING_MOVED = Kind(
    "expressions.closing_moved", _("A call that you write for closes later"), Promise.AT_LEAST_ONCE
)


def register() -> None:
    """Make the kinds known; reminders come with their rules."""
    for kind in (RECEIPT, CALL_CHANGED, CLOSING_MOVED, FILE_REFUSED, ENTERED):
        register_kind(kind)
