"""The sweep of reminders, and their preview, ask as many questions for thirty as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from expressions.enums import CallState, LetterKind
from expressions.models import Expression, Letter
from notifications.models import Message
from notifications.registry import reminder_rules
from notifications.reminders import queue_due_reminders
from notifications.selectors import coming_reminders
from tests.coproduction.factories import charter_with_clauses, member_of, proposal_by
from tests.expressions.assessing import assessor_of, assigned, eligible, reading_call
from tests.expressions.factories import CallFactory, ExpressionFactory, SubmittedFactory
from tests.meetings.factories import GroupFactory, MeetingFactory, coordinator_of
from tests.meetings.factories import member_of as member_of_group
from tests.partners.factories import OrganisationFactory, contact_of

# On the production database: SQLite takes 999 values a statement, so it writes thirty messages of
# two recipients each in two INSERTs, which says nothing about how the sweep asks.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def _group():
    group = GroupFactory()
    coordinator_of(group)
    member_of_group(group)
    return group


def coming_meetings(number):
    for _each in range(number):
        MeetingFactory(group=_group(), starts_at=timezone.now() + timedelta(days=2))


def meetings_without_a_log(number):
    for _each in range(number):
        MeetingFactory(group=_group(), starts_at=timezone.now() - timedelta(days=10))


def drafts(number):
    now = timezone.now()
    call = CallFactory(
        state=CallState.OPEN, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=5)
    )
    for _each in range(number):
        organisation = OrganisationFactory()
        contact_of(organisation)
        ExpressionFactory(call=call, organisation=organisation)
    Expression.objects.update(listed_at=now - timedelta(days=8))


def scores_wanted(number):
    call = reading_call(assess_by=timezone.localdate() + timedelta(days=3))
    for _each in range(number):
        assigned(eligible(call), assessor_of(call))


def offers(number):
    call = reading_call(state=CallState.DECIDING)
    for _each in range(number):
        organisation = OrganisationFactory()
        contact_of(organisation)
        expression = SubmittedFactory(call=call, organisation=organisation, state="offered")
        Letter.objects.create(
            expression=expression,
            outcome=LetterKind.OFFERED,
            subject="A place",
            body="Yes.",
            answer_by=timezone.localdate() + timedelta(days=2),
            at=timezone.now() - timedelta(days=8),
        )


def positions_wanted(number):
    charter = charter_with_clauses()
    proposal = proposal_by(
        member_of(charter), charter, closes_on=timezone.localdate() + timedelta(days=1)
    )
    for _each in range(number):
        proposal.asks.create(member=member_of(charter).memberships.get())


@pytest.mark.parametrize(
    ("kind", "plant"),
    [
        ("meetings.meeting_coming", coming_meetings),
        ("meetings.log_missing", meetings_without_a_log),
        ("expressions.closing_week", drafts),
        ("expressions.assessment_due", scores_wanted),
        ("expressions.offer_unanswered", offers),
        ("coproduction.awaiting_position", positions_wanted),
    ],
)
def test_thirty_reminders_cost_the_same_queries_as_one(kind, plant, monkeypatch):
    assert kind in reminder_rules
    monkeypatch.setattr(reminder_rules, "_entries", {kind: reminder_rules.get(kind)})
    costs = []
    for number in [1, 1, 29]:  # The first time, it is learned which content types there are.
        plant(number)
        with CaptureQueriesContext(connection) as preview:
            coming_reminders(now=timezone.now(), days=0)
        with CaptureQueriesContext(connection) as first:
            queue_due_reminders(now=timezone.now())
        with CaptureQueriesContext(connection) as again:
            assert queue_due_reminders(now=timezone.now()) == 0
        costs.append((len(preview), len(first), len(again)))
    assert Message.objects.count() >= 30
    assert costs[1] == costs[2]
