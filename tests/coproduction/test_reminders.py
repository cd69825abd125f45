"""The reminder of a position, three days before a proposal closes."""

from datetime import timedelta

import pytest

from coproduction import reminders, services, transitions
from coproduction.models import Ask
from notifications.delivery import send_due
from notifications.enums import MessageState
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from tests.coproduction.factories import draft_by

KIND = reminders.AWAITING_POSITION.kind.name


@pytest.fixture
def proposal(charter, members, now):
    """Opened on 26 July 2022, closing on 9 August."""
    draft = draft_by(members[0], charter)
    return services.send_draft(draft=draft, seen=1, by=members[0], now=now)


def position(proposal, person, now):
    services.take_position(
        proposal=proposal, stance="agree", reason="", is_private=False, by=person, now=now
    )


def reminded():
    return {message.recipient for message in Message.objects.filter(kind=KIND)}


@pytest.mark.parametrize(("days", "count"), [(10, 0), (11, 3), (20, 3)])
def test_reminder_comes_from_three_days_before_the_closing_date_on(days, count, proposal, now):
    queue_due_reminders(now=now + timedelta(days=days))
    assert len(reminded()) == count


def test_reminder_is_queued_once_however_often_the_sweep_runs(proposal, now):
    for minutes in range(3):
        queue_due_reminders(now=now + timedelta(days=12, minutes=minutes))
    assert Message.objects.filter(kind=KIND).count() == 3


def test_reminder_goes_only_to_those_who_have_not_answered(proposal, members, now):
    position(proposal, members[1], now)
    queue_due_reminders(now=now + timedelta(days=12))
    assert reminded() == {members[0], members[2]}


def test_reminder_says_what_it_is_about_and_by_when(proposal, now):
    queue_due_reminders(now=now + timedelta(days=12))
    message = Message.objects.filter(kind=KIND).first()
    assert message.subject == "What do you think by Tuesday 9 August 2022? Change “Three meetings”"
    assert proposal.get_absolute_url() in message.body


def test_reminder_is_dropped_when_the_position_was_taken_meanwhile(proposal, members, now):
    later = now + timedelta(days=12)
    queue_due_reminders(now=later)
    for person in members:
        position(proposal, person, later)
    Message.objects.exclude(kind=KIND).delete()
    assert send_due(now=later) == 0
    states = Message.objects.filter(kind=KIND).values_list("state", "problem")
    assert set(states) == {(MessageState.DROPPED, "position_taken")}


def test_reminder_is_skipped_when_the_proposal_is_closed_or_the_member_has_left(
    proposal, members, facilitator, now
):
    ask = proposal.asks.first()
    assert reminders.skip_reason(ask, now) is None
    ask.member.left_on = now.date()
    assert reminders.skip_reason(ask, now) == "member_left"
    transitions.set_aside(obj=proposal, by=facilitator, now=now, reason="Later.")
    assert reminders.skip_reason(Ask.objects.get(pk=ask.pk), now) == "proposal_closed"
    queue_due_reminders(now=now + timedelta(days=12))
    assert reminded() == set()
