"""Reminders: a meeting is coming; a meeting is over and not logged."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from notifications.registry import ReminderRule, register_reminder

from .enums import GroupKind, LogState, MeetingState
from .models import MOST_DAYS_AHEAD, Meeting
from .notifications import (
    LOG_MISSING,
    MEETING_COMING,
    coordinators_of_each,
    meeting_words,
    people_of_each,
)

# A log is asked for three days after the meeting; after two months asking is no help any more.
LOG_AFTER = timedelta(days=3)
LOG_UNTIL = timedelta(days=60)


def coming_skip_reason(meeting: Meeting, now: datetime) -> str | None:
    """Why nobody is to be reminded of ``meeting`` at ``now``."""
    if meeting.state != MeetingState.PLANNED:
        return "not_planned"
    if meeting.starts_at <= now:
        return "begun"
    if meeting.starts_at > now + timedelta(days=meeting.group.remind_days_ahead):
        return "too_early"
    return None


def missing_skip_reason(meeting: Meeting, now: datetime) -> str | None:
    """Why nobody is to be asked for the log of ``meeting`` at ``now``."""
    if meeting.state == MeetingState.CANCELLED:
        return "cancelled"
    if meeting.starts_at > now - LOG_AFTER:
        return "too_early"
    if meeting.starts_at < now - LOG_UNTIL:
        return "too_late"
    log = getattr(meeting, "log", None)
    if log is not None and log.state != LogState.DRAFT:
        return "logged"
    return None


def _coming(now: datetime) -> QuerySet[Meeting]:
    last = now + timedelta(days=MOST_DAYS_AHEAD)
    return Meeting.objects.coming(now).filter(starts_at__lte=last).select_related("group")


def _missing(now: datetime) -> QuerySet[Meeting]:
    span = (now - LOG_UNTIL, now - LOG_AFTER)
    return (
        Meeting.objects.to_log(now)
        .filter(starts_at__range=span, group__kind=GroupKind.LOCAL_NETWORK)
        .select_related("group", "log")
    )


def _pairs(
    meetings: Sequence[Meeting], reads: Callable[[set[int]], dict[int, list[Any]]]
) -> list[tuple[Meeting, Any]]:
    people = reads({meeting.group_id for meeting in meetings})
    return [(one, person) for one in meetings for person in people.get(one.group_id, [])]


def _period(meeting: Meeting) -> str:
    # In UTC, so that the same moment read in another zone is the same period.
    return meeting.starts_at.astimezone(UTC).strftime("%Y%m%dT%H%M")


def _coming_period(meeting: Meeting) -> str:
    """The date, and when it was last taken up again after having been cancelled."""
    again = meeting.state_changed_at
    return (
        f"{_period(meeting)}:{again.astimezone(UTC):%Y%m%dT%H%M%S}" if again else _period(meeting)
    )


def _coming_words(meeting: Meeting, person: Any) -> dict[str, Any]:
    return meeting_words(meeting)


def _missing_words(meeting: Meeting, person: Any) -> dict[str, Any]:
    path = reverse("meetings:log", args=[meeting.pk])
    return meeting_words(meeting) | {"path": path}


def register() -> None:
    """Make both rules known to the sweep."""
    register_reminder(
        ReminderRule(
            kind=MEETING_COMING,
            due=_coming,
            recipients=lambda meetings: _pairs(meetings, people_of_each),
            skip_reason=coming_skip_reason,
            period=_coming_period,
            context=_coming_words,
            until=lambda meeting: meeting.starts_at,
        )
    )
    register_reminder(
        ReminderRule(
            kind=LOG_MISSING,
            due=_missing,
            recipients=lambda meetings: _pairs(meetings, coordinators_of_each),
            skip_reason=missing_skip_reason,
            period=_period,
            context=_missing_words,
        )
    )
