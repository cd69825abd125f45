"""When one of us is reminded to get in touch with an organisation again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from notifications.registry import ReminderRule, register_reminder

from .models import OutreachContact
from .notifications import FOLLOW_UP_DUE


def due(now: datetime) -> QuerySet[OutreachContact]:
    """What is to be followed up today or was before, where one of us is named."""
    entries = OutreachContact.objects.due(timezone.localdate(now))
    return entries.filter(by__isnull=False).select_related("organisation", "by")


def skip_reason(entry: OutreachContact, now: datetime) -> str | None:
    """Why there is nothing to remind of any more."""
    if entry.followed_up_at:
        return "followed_up"
    if entry.follow_up_on is None or entry.follow_up_on > timezone.localdate(now):
        return "not_due"
    return "asked_not_to_be_contacted" if entry.organisation.no_contact_since else None


def recipients(entries: Sequence[OutreachContact]) -> list[tuple[OutreachContact, Any]]:
    """Whoever of us it was, as long as they may see the log; each is asked that once."""
    people = {entry.by for entry in entries if entry.by}
    may = {person for person in people if person.has_perm("partners.view_outreach")}
    return [(entry, entry.by) for entry in entries if entry.by in may]


def period(entry: OutreachContact) -> str:
    """Once for each day that is set."""
    return entry.follow_up_on.isoformat() if entry.follow_up_on else ""


def context(entry: OutreachContact, person: Any) -> dict[str, Any]:
    """The words of the message."""
    return {
        "organisation": entry.organisation,
        "entry": entry,
        "path": entry.organisation.get_absolute_url(),
    }


FOLLOW_UP_RULE = ReminderRule(
    kind=FOLLOW_UP_DUE,
    due=due,
    recipients=recipients,
    skip_reason=skip_reason,
    period=period,
    context=context,
)


def register() -> None:
    """Make the rule known."""
    register_reminder(FOLLOW_UP_RULE)
