"""Each step of meetings, logs and actions: allowed, refused, taken twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import RoleKind
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from core.versions import version_of
from meetings import services, transitions
from meetings.enums import ActionState, GroupKind, LogState, MeetingState, Speech
from notifications.models import Message
from tests.accounts.factories import person_with

from .factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    coordinator_of,
)

pytestmark = pytest.mark.django_db


def kinds_sent_to(person):
    return sorted(Message.objects.filter(recipient=person).values_list("kind", flat=True))


@pytest.fixture
def log(meeting, coordinator, now):
    """A log that lacks nothing."""
    values = {f"member_{member.pk}": "came" for member in meeting.group.members.all()}
    seen = version_of({})
    services.save_attendance(meeting=meeting, values=values, seen=seen, by=coordinator, now=now)
    shared = {"shared": "Choosing who supports me.", "helped": "", "themes": "Choice"}
    empty = version_of({"shared": "", "helped": "", "themes": ""})
    return services.save_shared(meeting=meeting, values=shared, seen=empty, by=coordinator, now=now)


def test_a_log_is_sent_returned_answered_and_accepted(log, coordinator, team, now):
    log = transitions.submit(log=log, by=coordinator, now=now)
    assert (log.state, log.submitted_at) == (LogState.SUBMITTED, now)
    question = "How did those who could not come hear of it?"
    later = now + timedelta(days=1)
    log = transitions.return_with_question(log=log, by=team, now=later, question=question)
    assert log.state == LogState.RETURNED
    log = transitions.answer(log=log, by=coordinator, now=later, text="We rang them.")
    assert (log.state, log.submitted_at) == (LogState.SUBMITTED, later)
    log = transitions.accept(log=log, by=team, now=later)
    assert (log.state, log.accepted_at) == (LogState.ACCEPTED, later)
    assert list(log.talk.values_list("speech", "text", "by")) == [
        (Speech.QUESTION, question, team.pk),
        (Speech.ANSWER, "We rang them.", coordinator.pk),
    ]
    steps = [row.step for row in transitions_of(log)]
    assert steps == ["submit", "return", "answer", "accept"]


def test_each_step_tells_those_who_wait_for_it(log, coordinator, team, now):
    log = transitions.submit(log=log, by=coordinator, now=now)
    assert kinds_sent_to(team) == ["meetings.log_submitted"]
    log = transitions.return_with_question(log=log, by=team, now=now, question="Who?\nWhen?")
    message = Message.objects.get(recipient=coordinator)
    assert message.kind == "meetings.log_returned"
    assert "> Who?\n> When?" in message.body
    log = transitions.answer(log=log, by=coordinator, now=now + timedelta(hours=1), text="All.")
    assert kinds_sent_to(team) == ["meetings.log_submitted"] * 2
    transitions.accept(log=log, by=team, now=now)
    assert kinds_sent_to(coordinator) == ["meetings.log_accepted", "meetings.log_returned"]


def test_a_second_click_on_send_changes_nothing_and_tells_nobody_again(log, coordinator, team, now):
    transitions.submit(log=log, by=coordinator, now=now)
    again = transitions.submit(log=log, by=coordinator, now=now + timedelta(seconds=1))
    assert again.submitted_at == now
    assert kinds_sent_to(team) == ["meetings.log_submitted"]


def test_a_log_with_gaps_is_not_sent(meeting, coordinator, now):
    log = MeetingLogFactory(meeting=meeting, shared="")
    with pytest.raises(TransitionNotAllowed) as refused:
        transitions.submit(log=log, by=coordinator, now=now)
    assert str(refused.value) == (
        "Say of 2 more members whether they came. Write what people shared."
    )
    log.refresh_from_db()
    assert log.state == LogState.DRAFT


@pytest.mark.parametrize("name", ["accept", "return_with_question"])
def test_a_coordinator_does_not_accept_or_return_their_own_log(log, coordinator, now, name):
    log = transitions.submit(log=log, by=coordinator, now=now)
    words = {"question": "Why?"} if name == "return_with_question" else {}
    with pytest.raises(PermissionDenied):
        getattr(transitions, name)(log=log, by=coordinator, now=now, **words)


def test_another_groups_coordinator_does_not_send_the_log(log, now):
    with pytest.raises(PermissionDenied):
        transitions.submit(log=log, by=coordinator_of(GroupFactory()), now=now)


def test_a_draft_cannot_be_accepted(log, team, now):
    with pytest.raises(TransitionNotAllowed):
        transitions.accept(log=log, by=team, now=now)


def test_a_log_is_not_returned_without_a_question(log, coordinator, team, now):
    log = transitions.submit(log=log, by=coordinator, now=now)
    with pytest.raises(ReasonRequired):
        transitions.return_with_question(log=log, by=team, now=now, question="  ")
    assert log.talk.count() == 0


def test_an_accepted_log_can_still_be_returned(log, coordinator, team, now):
    log = transitions.submit(log=log, by=coordinator, now=now)
    log = transitions.accept(log=log, by=team, now=now)
    log = transitions.return_with_question(log=log, by=team, now=now, question="One more thing?")
    assert (log.state, log.accepted_at) == (LogState.RETURNED, None)


def test_a_log_can_be_taken_back_until_it_is_accepted(log, coordinator, team, now):
    log = transitions.submit(log=log, by=coordinator, now=now)
    assert transitions.take_back(log=log, by=coordinator, now=now).state == LogState.DRAFT
    log = transitions.submit(log=log, by=coordinator, now=now)
    log = transitions.accept(log=log, by=team, now=now)
    with pytest.raises(TransitionNotAllowed):
        transitions.take_back(log=log, by=coordinator, now=now)


def test_a_log_without_a_return_step_is_final_when_finished_and_can_be_reopened(now):
    staff = person_with(RoleKind.PROGRAMME_STAFF)
    group = GroupFactory(kind=GroupKind.ASSEMBLY)
    log = MeetingLogFactory(meeting=MeetingFactory(group=group))
    with pytest.raises(PermissionDenied):
        transitions.submit(log=log, by=staff, now=now)
    log = transitions.finish(log=log, by=staff, now=now)
    assert (log.state, log.accepted_at) == (LogState.ACCEPTED, now)
    log = transitions.reopen(log=log, by=staff, now=now, reason="A number was wrong")
    assert (log.state, log.accepted_at) == (LogState.DRAFT, None)


def test_a_meeting_is_held_once_it_has_begun(meeting, coming, coordinator, now):
    held = transitions.hold(meeting=meeting, by=coordinator, now=now)
    assert held.state == MeetingState.HELD
    with pytest.raises(TransitionNotAllowed):
        transitions.hold(meeting=coming, by=coordinator, now=now)


def test_cancelling_tells_those_who_were_invited_and_planning_again_too(
    coming, coordinator, member, now
):
    coming = services.invite(meeting=coming, by=coordinator, now=now)
    coming = transitions.cancel(meeting=coming, by=coordinator, now=now, reason="The hall is shut")
    assert coming.state == MeetingState.CANCELLED
    assert (
        "The hall is shut"
        in Message.objects.get(recipient=member, kind="meetings.meeting_cancelled").body
    )
    coming = transitions.reinstate(meeting=coming, by=coordinator, now=now)
    assert coming.state == MeetingState.PLANNED
    assert "meetings.meeting_reinstated" in kinds_sent_to(member)


def test_cancelling_tells_nobody_who_never_heard_of_the_meeting(coming, coordinator, member, now):
    transitions.cancel(meeting=coming, by=coordinator, now=now, reason="A mistake")
    assert Message.objects.count() == 0


def test_a_held_meeting_is_not_cancelled(meeting, coordinator, now):
    meeting = transitions.hold(meeting=meeting, by=coordinator, now=now)
    with pytest.raises(TransitionNotAllowed):
        transitions.cancel(meeting=meeting, by=coordinator, now=now, reason="Why not")


def test_a_member_does_not_cancel_a_meeting(coming, member, now):
    with pytest.raises(PermissionDenied):
        transitions.cancel(meeting=coming, by=member, now=now, reason="I cannot come")


def test_an_action_is_done_and_put_back(group, coordinator, now):
    action = ActionFactory(group=group)
    action = transitions.move_action(action=action, step_name="done", by=coordinator, now=now)
    assert action.state == ActionState.DONE
    action = transitions.move_action(action=action, step_name="reopen", by=coordinator, now=now)
    assert (action.state, action.outcome) == (ActionState.OPEN, "")


@pytest.mark.parametrize("step", ["changed", "dropped"])
def test_an_action_is_not_given_up_without_saying_why(group, coordinator, now, step):
    action = ActionFactory(group=group)
    with pytest.raises(ReasonRequired):
        transitions.move_action(action=action, step_name=step, by=coordinator, now=now)
    action = transitions.move_action(
        action=action, step_name=step, by=coordinator, now=now, reason="No money this year"
    )
    assert (action.state, action.outcome) == (step, "No money this year")
