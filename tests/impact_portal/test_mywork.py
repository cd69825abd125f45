"""My work: what is due, what waits for somebody, what they wait for; in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from expressions.enums import CallState, ExpressionState
from impact_portal.mywork import selectors
from impact_portal.mywork.waiting import KINDS, waiting_for
from meetings.enums import LogState
from meetings.models import MeetingLog
from partners.models import JoinRequest
from tests.coproduction.factories import charter_with_clauses, member_of, proposal_by
from tests.expressions.assessing import assessor_of, assigned, eligible, reading_call
from tests.expressions.factories import SubmittedFactory
from tests.meetings.factories import GroupFactory, MeetingFactory, coordinator_of
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


def words(user):
    return [(one.text, one.whose) for one in waiting_for(user, 100)]


def cost(client, most):
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("mywork:index"))
    assert len(page.context["others"]) == most
    return len(queries)


def test_my_work_costs_the_same_at_one_row_and_at_30(client, somebody):
    client.force_login(somebody)
    JoinRequest.objects.create(organisation=OrganisationFactory(), person=somebody)
    once = cost(client, 1)
    for _one in range(29):
        JoinRequest.objects.create(organisation=OrganisationFactory(), person=somebody)
    assert cost(client, selectors.AT_FIRST) == once
    page = client.get(reverse("mywork:index"), {"all": "others"})
    assert len(page.context["others"]) == 30


def test_each_empty_group_says_what_will_be_there(client, somebody):
    client.force_login(somebody)
    text = client.get(reverse("mywork:index")).content.decode()
    assert text.count("will be here") == 3


def test_a_partner_waits_for_us_until_the_call_is_decided_and_learns_nothing_of_our_checking():
    sent = SubmittedFactory()
    contact = contact_of(sent.organisation)
    expected = [
        (
            f"What we decide about your expression of interest: {sent.call.title}",
            sent.organisation.name,
        )
    ]
    for state in [ExpressionState.SUBMITTED, ExpressionState.LONGLISTED, ExpressionState.DECLINED]:
        type(sent).objects.filter(pk=sent.pk).update(state=state)
        assert words(contact) == expected
    type(sent.call).objects.filter(pk=sent.call_id).update(state=CallState.DECIDED)
    assert words(contact) == []


def test_a_contact_of_another_organisation_waits_for_nothing():
    SubmittedFactory()
    assert words(contact_of(OrganisationFactory())) == []


def test_a_coordinator_waits_for_the_team_to_read_a_return_and_not_for_a_draft():
    group = GroupFactory()
    user = coordinator_of(group)
    log = MeetingLog.objects.create(meeting=MeetingFactory(group=group))
    assert words(user) == []
    MeetingLog.objects.filter(pk=log.pk).update(
        state=LogState.SUBMITTED, submitted_at=timezone.now()
    )
    assert words(user) == [(f"The networks team reads your return: {group}", "Networks team")]
    assert [one.url for one in waiting_for(user, 5)] == [f"/meetings/{log.meeting_id}/log/"]


def test_a_member_waits_for_what_others_think_of_their_suggestion():
    charter = charter_with_clauses()
    writer, other = member_of(charter), member_of(charter)
    proposal_by(writer, charter)
    assert [text for text, _whose in words(writer)] == [
        "What others think of your suggestion: Three meetings"
    ]
    assert words(other) == []


def test_what_has_waited_longest_comes_first(somebody):
    names = []
    for days in [1, 9, 4]:
        request = JoinRequest.objects.create(organisation=OrganisationFactory(), person=somebody)
        moment = timezone.now() - timedelta(days=days)
        JoinRequest.objects.filter(pk=request.pk).update(created_at=moment)
        names.append(request.organisation.name)
    newest, oldest, middle = names
    texts = [text for text, _whose in words(somebody)]
    assert texts == [f"An answer to your wish to join {name}" for name in [oldest, middle, newest]]


def test_scores_to_come_are_one_line_for_each_assessor(manager):
    call = reading_call(title="Networks 2031", assess_by=timezone.localdate())
    first, second = assessor_of(call), assessor_of(call)
    for assessor in [first, first, first, second]:
        assigned(eligible(call), assessor)
    lines = [(one.text, one.whose) for one in waiting_for(manager, 100)]
    assert sorted(lines) == sorted(
        [
            ("Scores that are still to come, Networks 2031: 3", str(first)),
            ("Scores that are still to come, Networks 2031: 1", str(second)),
        ]
    )


def test_each_kind_of_waiting_has_words_and_a_branch_that_runs(manager):
    manager.is_superuser = True
    for kind in KINDS.values():
        rows = kind.rows(manager)
        assert rows is None or list(rows) == []
