"""Messages about expressions of interest."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind, concealments, register_kind

from .enums import HIDING
from .models import Conflict, Expression

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


def hidden_from(user: Any) -> Q | None:
    """The messages about expressions in which ``user`` has a conflict of interest."""
    conflicts = Conflict.objects.filter(person_id=user.pk, state__in=HIDING)
    ids = [str(pk) for pk in conflicts.values_list("expression_id", flat=True)]
    if not ids:
        return None
    return Q(content_type=ContentType.objects.get_for_model(Expression), object_id__in=ids)


def register() -> None:
    """Make the receipt known, and what is hidden; reminders come with their rules."""
    register_kind(RECEIPT)
    concealments.add("expressions", hidden_from)
