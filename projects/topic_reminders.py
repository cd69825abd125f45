"""When an organisation is reminded that a question about evidence waits for its reply."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.utils import timezone

from core.dates import day_over
from notifications.registry import ReminderRule
from partners.selectors import contact_people_of_each

from .models import GapAsk, GapReply
from .notifications import GAP_UNANSWERED
from .topic_services import words_of


def due(now: datetime) -> QuerySet:
    """Questions without a reply, some days before it is wanted and for as long as they stand."""
    until = timezone.localdate(now) + timedelta(days=settings.GAP_REMIND_DAYS)
    asked_before = now - timedelta(days=1)  # Nobody is reminded on the day of the question itself.
    return (
        GapAsk.objects.open_at(now)
        .unanswered()
        .filter(gap__wanted_by__lte=until, asked_at__lte=asked_before, person__isnull=False)
        .select_related("gap__topic", "organisation", "person")
        .annotate(is_answered=Value(value=False))  # Asked above, for all of them at once.
    )


def skip_reason(ask: GapAsk, now: datetime) -> str | None:
    """Why nothing is to be said any more: closed, out of date, or answered."""
    if not ask.takes_replies_at(now):
        return "closed"
    if hasattr(ask, "is_answered"):
        return None
    answers = GapReply.objects.filter(ask__gap=ask.gap_id, ask__organisation=ask.organisation_id)
    return "answered" if answers.exists() else None


def recipients(asks: Sequence[GapAsk]) -> list[tuple[GapAsk, Any]]:
    """Each with the person who was asked, while they speak for the organisation."""
    people = contact_people_of_each({ask.organisation_id for ask in asks})
    return [(ask, ask.person) for ask in asks if ask.person in people.get(ask.organisation_id, [])]


def period(ask: GapAsk) -> str:
    """Once for each day by which replies are wanted."""
    return ask.gap.wanted_by.isoformat()


def context(ask: GapAsk, person: Any) -> dict[str, Any]:
    """The words of the message, with the link."""
    return words_of(ask)


GAP_UNANSWERED_RULE = ReminderRule(
    kind=GAP_UNANSWERED,
    due=due,
    recipients=recipients,
    skip_reason=skip_reason,
    period=period,
    context=context,
    until=lambda ask: day_over(ask.gap.wanted_by),
)
