"""Reminder: a proposal closes soon, and this member has not said what they think of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import day_over
from notifications.enums import Promise
from notifications.registry import Kind, ReminderRule

from .models import Ask, Position

DAYS_BEFORE = 3


def due(now: datetime) -> QuerySet[Ask]:
    """Asks without an answer whose proposal closes within three days or should have."""
    last_day = timezone.localdate(now) + timedelta(days=DAYS_BEFORE)
    answers = Position.objects.filter(
        proposal_id=OuterRef("proposal_id"), member_id=OuterRef("member_id")
    )
    return (
        Ask.objects.filter(proposal__state="open", proposal__closes_on__lte=last_day)
        .filter(~Exists(answers), member__left_on__isnull=True, member__person__isnull=False)
        .select_related("proposal__replaces", "member__person")
        .annotate(has_answered=Value(value=False))  # Asked above, for all of them at once.
    )


def skip_reason(ask: Ask, now: datetime) -> str | None:
    """Why this member need not be reminded any more; ``None`` when they are to be."""
    if not ask.proposal.is_open:
        return "proposal_closed"
    if ask.member.left_on is not None:
        return "member_left"
    if hasattr(ask, "has_answered"):
        return None
    if Position.objects.filter(proposal_id=ask.proposal_id, member_id=ask.member_id).exists():
        return "position_taken"
    return None


def recipients(asks: Sequence[Ask]) -> list[tuple[Ask, Any]]:
    return [(ask, ask.member.person) for ask in asks if ask.member.person]


def context(ask: Ask, person: Any) -> dict[str, Any]:
    return {"proposal": ask.proposal, "path": ask.proposal.get_absolute_url()}


AWAITING_POSITION = ReminderRule(
    kind=Kind(
        name="coproduction.awaiting_position",
        title=_("A suggestion for the charter waits for your position"),
        promise=Promise.AT_MOST_ONCE,
    ),
    due=due,
    recipients=recipients,
    skip_reason=skip_reason,
    period=lambda ask: ask.proposal.closes_on.isoformat(),
    context=context,
    until=lambda ask: day_over(ask.proposal.closes_on),
)
