"""Messages about expressions of interest."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind, register_kind

RECEIPT = Kind(
    "expressions.receipt", _("Receipt for an expression of interest"), Promise.AT_LEAST_ONCE
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
ASSESSMENT_DUE = Kind(
    "expressions.assessment_due",
    _("Scores are wanted within a week, and yours are not all in"),
    Promise.AT_MOST_ONCE,
)


def register() -> None:
    """Make the receipt known; reminders come with their rules."""
    register_kind(RECEIPT)
