"""Reminders of a closing call to those with an unfinished draft."""

from datetime import timedelta

import pytest

from expressions import reminders
from expressions.enums import CallState
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from tests.expressions.factories import CallFactory, ExpressionFactory, SubmittedFactory
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(now):
    """A draft of long ago, in a call that closes in a month."""
    organisation = OrganisationFactory()
    contact_of(organisation)
    call = CallFactory(opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=30))
    return ExpressionFactory(
        call=call, organisation=organisation, listed_at=now - timedelta(days=9)
    )


def queued(now):
    """The kinds of all messages after the sweep has looked twice."""
    queue_due_reminders(now=now)
    queue_due_reminders(now=now)
    return sorted(Message.objects.values_list("kind", flat=True))


def before(draft, **time):
    return draft.call.closes_at - timedelta(**time)


def test_nothing_is_due_eight_days_before_closing(draft):
    assert queued(before(draft, days=8)) == []


def test_a_week_before_closing_one_reminder_comes_once(draft):
    assert queued(before(draft, days=6, hours=20)) == ["expressions.closing_week"]


def test_two_days_before_closing_the_second_comes_once(draft):
    queued(before(draft, days=6))
    assert queued(before(draft, days=1)) == [
        "expressions.closing_days",
        "expressions.closing_week",
    ]


def test_a_sweep_that_was_missed_for_days_sends_only_the_later_one(draft):
    assert queued(before(draft, days=1)) == ["expressions.closing_days"]


def test_each_contact_of_the_organisation_is_reminded(draft):
    contact_of(draft.organisation)
    assert len(queued(before(draft, days=6))) == 2


def test_what_is_sent_in_is_not_reminded_of(draft):
    SubmittedFactory(call=draft.call)
    draft.delete()
    assert queued(before(draft, days=6)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "submitted"}, "not_a_draft"),
        ({"call__state": CallState.CLOSED}, "call_not_open"),
        ({"listed_at": timedelta(days=6)}, "begun_since"),
        ({}, None),
    ],
)
def test_reminder_whose_reason_has_gone_is_skipped(draft, change, code):
    moment = before(draft, days=5)
    if "state" in change:
        draft = SubmittedFactory(call=draft.call)
    elif "call__state" in change:
        draft = ExpressionFactory(
            call=CallFactory(
                state=CallState.CLOSED,
                opens_at=draft.call.opens_at,
                closes_at=draft.call.closes_at,
            )
        )
    elif "listed_at" in change:
        draft.listed_at = draft.call.closes_at - change["listed_at"]
    assert reminders.skip_reason(draft, moment, before=reminders.WEEK) == code


def test_nothing_is_due_after_closing(draft):
    assert queued(draft.call.closes_at) == []


def test_reminder_names_the_day_and_leads_to_the_draft(draft):
    queued(before(draft, days=6))
    body = Message.objects.get().body
    assert draft.get_absolute_url() in body
    assert draft.organisation.name in body
