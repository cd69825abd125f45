"""Sending in, checking, withdrawing; opening and closing a call."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import Transition
from core.transitions import ReasonRequired, TransitionNotAllowed
from expressions import transitions
from expressions.clock import database_now
from expressions.enums import CallState, ExpressionState
from notifications.models import Message
from tests.expressions.factories import CallFactory, ExpressionFactory, draft_call, write
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


def submit(scene, now=None, by=None):
    return transitions.submit(
        obj=scene.draft, by=by or scene.writer, now=now or timezone.now(), declared_by="Ann"
    )


def test_sent_in_has_a_reference_a_time_and_a_name(scene):
    now = timezone.now()
    sent = scene.send(now)
    assert sent.state == ExpressionState.SUBMITTED
    assert (sent.reference, sent.submitted_at, sent.declared_by) == (
        "EOI-2023-0001",
        now,
        "Ann Writer",
    )
    assert sent.submitted_by == scene.writer


def test_sending_in_twice_is_one_number_and_one_receipt(scene):
    first, second = scene.send(), submit(scene)
    assert first.reference == second.reference
    scene.call.refresh_from_db()
    assert scene.call.last_number == 1
    assert Message.objects.filter(kind="expressions.receipt").count() == 1
    assert Transition.objects.filter(step="submit").count() == 1


def test_numbers_of_a_call_follow_one_another(scene):
    scene.send()
    organisation = OrganisationFactory()
    writer = contact_of(organisation)
    other = ExpressionFactory(call=scene.call, organisation=organisation)
    for question, value in ((scene.why, "So."), (scene.days, "1")):
        write(other, question, value, writer, timezone.now())
    sent = transitions.submit(obj=other, by=writer, now=timezone.now())
    assert sent.reference == "EOI-2023-0002"


def test_receipt_has_the_answers_and_nothing_in_them_is_markup_of_ours(scene):
    scene.send()
    receipt = Message.objects.get(kind="expressions.receipt")
    assert receipt.recipient == scene.writer
    assert receipt.subject == "We have your expression of interest: EOI-2023-0001"
    assert "> Because people wait too long." in receipt.body
    assert "**Days?**\n\n> 3" in receipt.body


def test_incomplete_expression_is_not_sent_in_and_uses_no_number(scene):
    with pytest.raises(transitions.NotComplete) as refusal:
        submit(scene)
    assert [problem.question for problem in refusal.value.problems] == [scene.why, scene.days]
    scene.call.refresh_from_db()
    assert scene.call.last_number == 0
    assert Message.objects.count() == 0


def test_the_closing_instant_itself_is_too_late(scene):
    scene.fill()
    with pytest.raises(transitions.CallNotOpen):
        submit(scene, scene.call.closes_at)
    assert submit(scene, scene.call.closes_at - timedelta(microseconds=1)).reference


@pytest.mark.parametrize(
    ("closes", "last"),
    [
        # 5pm in London is 17:00 UTC in winter, 16:00 UTC in summer.
        ("2026-01-15T17:00:00+00:00", datetime(2026, 1, 15, 16, 59, 59, tzinfo=UTC)),
        ("2026-07-15T17:00:00+01:00", datetime(2026, 7, 15, 15, 59, 59, tzinfo=UTC)),
    ],
)
def test_closing_time_is_the_same_instant_in_summer_and_winter(scene, closes, last):
    scene.fill()
    scene.call.closes_at = datetime.fromisoformat(closes)
    scene.call.opens_at = scene.call.closes_at - timedelta(days=30)
    scene.call.save()
    with pytest.raises(transitions.CallNotOpen):
        submit(scene, last + timedelta(seconds=1))
    assert submit(scene, last).submitted_at == last


def test_only_the_organisations_own_people_send_in_and_withdraw(scene, staff):
    scene.fill()
    for person in (staff, contact_of(OrganisationFactory())):
        with pytest.raises(PermissionDenied):
            submit(scene, by=person)
        with pytest.raises(PermissionDenied):
            transitions.withdraw(obj=scene.draft, by=person, now=timezone.now())


def test_staff_mark_as_eligible_once(scene, staff):
    sent = scene.send()
    for _again in range(2):
        marked = transitions.mark_eligible(obj=sent, by=staff, now=timezone.now())
    assert marked.state == ExpressionState.ELIGIBLE
    assert Transition.objects.filter(step="mark_eligible").count() == 1


def test_draft_cannot_be_marked(scene, staff):
    with pytest.raises(TransitionNotAllowed):
        transitions.mark_eligible(obj=scene.draft, by=staff, now=timezone.now())


def test_not_eligible_needs_a_reason_which_is_kept(scene, staff):
    sent = scene.send()
    with pytest.raises(ReasonRequired):
        transitions.mark_ineligible(obj=sent, by=staff, now=timezone.now())
    transitions.mark_ineligible(obj=sent, by=staff, now=timezone.now(), reason="Abroad.")
    assert Transition.objects.get(step="mark_ineligible").reason == "Abroad."


def test_mistake_in_checking_can_be_mended(scene, staff):
    sent = scene.send()
    transitions.mark_ineligible(obj=sent, by=staff, now=timezone.now(), reason="Abroad.")
    marked = transitions.mark_eligible(obj=sent, by=staff, now=timezone.now())
    assert marked.state == ExpressionState.ELIGIBLE


def test_writer_cannot_mark_their_own(scene):
    with pytest.raises(PermissionDenied):
        transitions.mark_eligible(obj=scene.send(), by=scene.writer, now=timezone.now())


def test_withdrawn_is_not_sent_in_again(scene):
    scene.fill()
    transitions.withdraw(obj=scene.draft, by=scene.writer, now=timezone.now())
    with pytest.raises(TransitionNotAllowed):
        submit(scene)


def test_withdrawing_keeps_the_reference(scene):
    sent = scene.send()
    gone = transitions.withdraw(obj=sent, by=scene.writer, now=timezone.now())
    assert (gone.state, gone.reference) == (ExpressionState.WITHDRAWN, sent.reference)


def test_call_is_opened_by_the_programme_team_only(staff, somebody):
    call = draft_call()
    with pytest.raises(PermissionDenied):
        transitions.open_call(obj=call, by=somebody, now=timezone.now())
    assert transitions.open_call(obj=call, by=staff, now=timezone.now()).state == CallState.OPEN


def test_call_closes_at_its_time_and_not_before():
    call = CallFactory()
    with pytest.raises(TransitionNotAllowed):
        transitions.close_call(obj=call, by=None, now=call.closes_at - timedelta(seconds=1))
    for _again in range(2):
        closed = transitions.close_call(obj=call, by=None, now=call.closes_at)
    assert closed.state == CallState.CLOSED


def test_database_clock_is_aware_and_of_now():
    assert abs(database_now() - timezone.now()) < timedelta(seconds=5)


def test_sweep_closes_calls_from_their_instant_on_and_once():
    call = CallFactory()
    before = call.closes_at - timedelta(seconds=1)
    assert transitions.close_due_calls(now=before) == 0
    assert transitions.close_due_calls(now=call.closes_at) == 1
    assert transitions.close_due_calls(now=call.closes_at + timedelta(days=3)) == 0
    call.refresh_from_db()
    assert call.state == CallState.CLOSED
