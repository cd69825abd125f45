"""The gap board, and who might still be won for a call."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from expressions.models import MixTarget
from expressions.selectors import gaps
from expressions.selectors.gaps import Tally
from partners.models import OutreachContact
from tests.accounts.factories import person_with
from tests.expressions.factories import CallFactory, ExpressionFactory, SubmittedFactory
from tests.partners.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db):
    found = CallFactory()
    MixTarget.objects.create(call=found, dimension="nation", value="wales", least=2)
    MixTarget.objects.create(call=found, dimension="first_timer", value="yes", least=1)
    return found


@pytest.fixture
def staff(client):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    client.force_login(person)
    return person


def at(call, page="gaps"):
    return reverse(f"expressions:{page}", args=[call.pk])


def text(response):
    return response.content.decode()


def lines(call):
    return {one.label: (one.tally, one.short) for one in gaps.gap_board(call).gaps}


def test_a_gap_is_what_must_still_come_in(call):
    ExpressionFactory(call=call, organisation__nation="wales")
    SubmittedFactory(call=call, organisation__nation="wales", is_first_timer=True)
    SubmittedFactory(call=call, organisation__nation="wales", state="withdrawn")
    SubmittedFactory(organisation__nation="wales")
    assert lines(call) == {
        "Nation: Wales": (Tally(1, 1), 1),
        "New to this kind of project": (Tally(0, 1), 0),
    }


def test_the_table_counts_by_nation_and_kind_and_by_topic(client, call, staff):
    one = SubmittedFactory(call=call, organisation__nation="wales", organisation__kind="council")
    board = client.get(at(call)).context["board"]
    assert (board.total, len(board.cells), len(board.cells[0][1])) == (
        Tally(0, 1),
        4,
        len(board.kinds),
    )
    assert {row[0]: row[2].sent for row in board.cells}["Wales"] == 1
    call.topics.add(one.topic) if one.topic else None
    assert gaps.gap_board(call, topic="another").total == Tally()


def test_answers_of_a_sealed_call_are_not_counted(client, call, staff):
    type(call).objects.filter(pk=call.pk).update(is_sealed=True)
    call.refresh_from_db()
    assert list(lines(call)) == ["Nation: Wales"]
    assert "are sealed" in text(client.get(at(call)))


def test_who_has_begun_or_wants_no_contact_is_not_listed(client, call, staff):
    fits = OrganisationFactory(nation="wales", name="Fits")
    OrganisationFactory(nation="scotland", name="Elsewhere")
    OrganisationFactory(nation="wales", name="Quiet", no_contact_since=timezone.localdate())
    ExpressionFactory(call=call, organisation=OrganisationFactory(nation="wales"))
    page = client.get(at(call, "gaps-outreach"), {"nation": "wales"})
    assert [row.organisation for row in page.context["page"].rows] == [fits]
    assert reverse("partners:outreach-add", args=[fits.pk]) in text(page)
    export = client.get(at(call, "gaps-outreach-csv"), {"nation": "wales"})
    rows = b"".join(export).decode().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["Fits"]


def test_a_nation_that_is_none_counts_as_no_filter(client, call, staff):
    OrganisationFactory(name="Somewhere")
    page = client.get(at(call, "gaps-outreach"), {"nation": "atlantis", "kind": "\0"})
    assert page.status_code == 200


def test_the_last_contact_is_shown(client, call, staff):
    one = OrganisationFactory(name="Known")
    OutreachContact.objects.create(
        organisation=one, happened_on=timezone.localdate(), channel="email", result="no_answer"
    )
    row = client.get(at(call, "gaps-outreach")).context["page"].rows[0]
    assert row.last.happened_on == timezone.localdate()


def queries(client, where):
    client.get(where)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(where).status_code == 200
    return len(counted)


def test_board_and_list_ask_as_often_for_thirty_as_for_one(client, call, staff):
    SubmittedFactory(call=call)
    OrganisationFactory()
    before = [queries(client, at(call, page)) for page in ("gaps", "gaps-outreach")]
    for _number in range(29):
        SubmittedFactory(call=call)
        OrganisationFactory()
    assert [queries(client, at(call, page)) for page in ("gaps", "gaps-outreach")] == before
    assert max(before) <= 8


def test_a_board_that_was_slow_to_count_is_kept_for_a_while(call, monkeypatch):
    monkeypatch.setattr(gaps, "SLOW", -1)
    first = gaps.groups(call)
    SubmittedFactory(call=call)
    assert gaps.groups(call) == first
