"""Reminders: queued and sent once, late sweeps, and not when their reason has gone."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.enums import RoleKind
from meetings import services, transitions
from meetings.enums import GroupKind, LogState, MeetingState
from meetings.reminders import coming_skip_reason, missing_skip_reason
from notifications.delivery import send_due
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from tests.accounts.factories import person_with

from .factories import (
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    coordinator_of,
    member_of,
    seen_of,
)

pytestmark = pytest.mark.django_db

COMING, MISSING = "meetings.meeting_coming", "meetings.log_missing"


def sweep(now):
    """What beat does each minute, and twice at that."""
    for _time in range(2):
        queue_due_reminders(now=now)
        send_due(now=now)


def sent(kind):
    found = Message.objects.filter(kind=kind, state="sent")
    return sorted(found.values_list("recipient__preferred_name", flat=True))


def values_of(meeting, **changes):
    names = ["title", "starts_at", "ends_at", "place", "joining"]
    return {name: getattr(meeting, name) for name in names} | changes


def test_everybody_is_reminded_of_a_coming_meeting_once(coming, coordinator, member, now):
    sweep(coming.starts_at - timedelta(days=3, seconds=1))
    assert mail.outbox == []
    due = coming.starts_at - timedelta(days=3)
    sweep(due)
    sweep(due + timedelta(minutes=1))
    sweep(due + timedelta(days=2))
    assert sent(COMING) == ["Ash", "Coordinator"]
    assert len(mail.outbox) == 2
    assert "Friday 5 August 2022, 2pm" in mail.outbox[0].body
    assert "Village hall" in mail.outbox[0].body


def test_a_sweep_that_comes_late_still_reminds(coming, coordinator):
    sweep(coming.starts_at - timedelta(minutes=5))
    assert sent(COMING) == ["Coordinator"]


def test_nobody_is_reminded_once_the_meeting_has_begun(coming, coordinator):
    sweep(coming.starts_at)
    assert Message.objects.count() == 0


def test_each_group_says_how_many_days_ahead(coming, coordinator, now):
    seen = seen_of(coming.group, ["remind_days_ahead"])
    services.set_reminder(group=coming.group, days=7, seen=seen, by=coordinator, now=now)
    sweep(coming.starts_at - timedelta(days=7))
    assert sent(COMING) == ["Coordinator"]


def test_a_meeting_that_moves_is_a_new_reminder(coming, coordinator, now):
    due = coming.starts_at - timedelta(days=3)
    sweep(due)
    later = coming.starts_at + timedelta(days=7)
    coming = services.change_meeting(
        meeting=coming,
        values=values_of(coming, starts_at=later),
        seen=seen_of(coming, services.MEETING_FIELDS),
        by=coordinator,
        now=due,
    )
    sweep(due + timedelta(minutes=1))
    assert sent(COMING) == ["Coordinator"]
    sweep(later - timedelta(days=3))
    assert sent(COMING) == ["Coordinator", "Coordinator"]


def test_a_reminder_that_waits_is_not_sent_with_the_old_date(coming, coordinator, now):
    due = coming.starts_at - timedelta(days=3)
    queue_due_reminders(now=due)
    later = coming.starts_at + timedelta(hours=1)
    services.change_meeting(
        meeting=coming,
        values=values_of(coming, starts_at=later),
        seen=seen_of(coming, services.MEETING_FIELDS),
        by=coordinator,
        now=due,
    )
    sweep(due + timedelta(minutes=1))
    waiting = Message.objects.filter(kind=COMING).order_by("id")
    assert [message.state for message in waiting] == ["dropped"]
    sweep(due + timedelta(hours=1))
    assert sent(COMING) == ["Coordinator"]
    assert ["3pm" in message.body for message in waiting.filter(state="sent")] == [True]


def test_a_cancelled_meeting_is_not_reminded_of(coming, coordinator, now):
    queue_due_reminders(now=coming.starts_at - timedelta(days=3))
    transitions.cancel(meeting=coming, by=coordinator, now=now, reason="Snow")
    sweep(coming.starts_at - timedelta(days=2))
    assert sent(COMING) == []


def test_a_meeting_planned_again_is_reminded_of_again(coming, coordinator, now):
    due = coming.starts_at - timedelta(days=3)
    queue_due_reminders(now=due)
    coming = transitions.cancel(meeting=coming, by=coordinator, now=due, reason="Snow")
    transitions.reinstate(meeting=coming, by=coordinator, now=due + timedelta(hours=1))
    sweep(due + timedelta(hours=2))
    assert sent(COMING) == ["Coordinator"]


def test_who_has_left_and_who_is_in_another_group_is_not_reminded(coming, now):
    gone = member_of(coming.group, preferred_name="Gone")
    services.end_membership(
        member=coming.group.members.get(person=gone), by=None, now=coming.starts_at
    )
    member_of(GroupFactory(), preferred_name="Elsewhere")
    sweep(coming.starts_at - timedelta(days=1))
    assert Message.objects.count() == 0


def test_the_coordinator_is_asked_once_for_a_missing_log(meeting, coordinator, member):
    sweep(meeting.starts_at + timedelta(days=2, hours=23))
    assert sent(MISSING) == []
    sweep(meeting.starts_at + timedelta(days=3))
    sweep(meeting.starts_at + timedelta(days=20))
    assert sent(MISSING) == ["Coordinator"]
    assert f"/meetings/{meeting.pk}/log/" in mail.outbox[0].body


def test_a_log_that_was_begun_and_not_sent_is_asked_for(meeting, coordinator):
    MeetingLogFactory(meeting=meeting)
    sweep(meeting.starts_at + timedelta(days=4))
    assert sent(MISSING) == ["Coordinator"]


def test_a_log_sent_meanwhile_is_not_asked_for(meeting, coordinator, now):
    queue_due_reminders(now=meeting.starts_at + timedelta(days=4))
    MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)
    send_due(now=meeting.starts_at + timedelta(days=4))
    assert list(Message.objects.values_list("state", "problem")) == [("dropped", "logged")]


def test_a_log_older_than_two_months_is_not_asked_for(meeting, coordinator):
    sweep(meeting.starts_at + timedelta(days=61))
    assert Message.objects.count() == 0


def test_a_cancelled_meeting_has_no_log_to_ask_for(meeting, coordinator, now):
    transitions.cancel(meeting=meeting, by=coordinator, now=now, reason="Nobody came")
    sweep(meeting.starts_at + timedelta(days=4))
    assert Message.objects.count() == 0


def test_an_assembly_has_no_coordinator_to_ask(now):
    person_with(RoleKind.PROGRAMME_STAFF)
    MeetingFactory(group=GroupFactory(kind=GroupKind.ASSEMBLY), starts_at=now)
    sweep(now + timedelta(days=4))
    assert Message.objects.count() == 0


def test_two_groups_reminders_do_not_mix(coming, coordinator, now):
    other = GroupFactory(name="Another")
    coordinator_of(other, preferred_name="Other coordinator")
    MeetingFactory(group=other, starts_at=coming.starts_at + timedelta(days=5))
    sweep(coming.starts_at - timedelta(days=3))
    assert sent(COMING) == ["Coordinator"]


def test_reasons_to_skip_a_coming_meeting(coming, now):
    assert coming_skip_reason(coming, now) == "too_early"
    assert coming_skip_reason(coming, coming.starts_at - timedelta(days=3)) is None
    assert coming_skip_reason(coming, coming.starts_at) == "begun"
    cancelled = MeetingFactory(state=MeetingState.CANCELLED)
    assert coming_skip_reason(cancelled, now) == "not_planned"


def test_reasons_to_skip_a_missing_log(meeting):
    starts = meeting.starts_at
    assert missing_skip_reason(meeting, starts + timedelta(days=2)) == "too_early"
    assert missing_skip_reason(meeting, starts + timedelta(days=3)) is None
    assert missing_skip_reason(meeting, starts + timedelta(days=61)) == "too_late"
