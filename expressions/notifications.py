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
ASSESSMENT_DUE = Kind(
    "expressions.assessment_due",
    _("Scores are wanted within a week, and yours are not all in"),
    Promise.AT_MOST_ONCE,
)
LETTER = Kind(
    "expressions.letter",
    _("Our decision about an expression of interest"),
    Promise.AT_LEAST_ONCE,
)
OFFER_ANSWERED = Kind(
    "expressions.offer_answered",
    _("An organisation answered our offer"),
    Promise.AT_LEAST_ONCE,
)
OFFER_UNANSWERED = Kind(
    "expressions.offer_unanswered",
    _("We offered you a place, and wait for your answer"),
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
    """Make the kinds known, and what is hidden; reminders come with their rules."""
    for kind in (
        RECEIPT,
        CALL_CHANGED,
        CLOSING_MOVED,
        FILE_REFUSED,
        ENTERED,
        LETTER,
        OFFER_ANSWERED,
    ):
        register_kind(kind)
    concealments.add("expressions", hidden_from)
