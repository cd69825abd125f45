"""Staff's pages: the board, moderation, the long list, assessors, the register of conflicts."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import RoleKind
from core.models import AuditEntry
from expressions import selectors
from expressions.enums import CallState, ConflictState
from expressions.models import Assessment, Conflict, Expression, Moderation
from expressions.selectors import assessing
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.assessing import (
    assessor_of,
    assigned,
    cleared,
    eligible,
    reading_call,
    scored,
)
from tests.partners.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def call(db):
    return reading_call(scores_wanted=2)


def at(call, page="assessment", *more):
    return reverse(f"expressions:{page}", args=[call.pk, *more])


def listed(response):
    return [line.expression.pk for line in response.context["board"].lines]


def read(call, *points, **fields):
    """An expression with one finished assessment for each of ``points``."""
    one = eligible(call, **fields)
    for number in points:
        scored(one, assessor_of(call), number, number)
    return one


# --- The board ---


def test_board_has_the_highest_score_first_and_what_nobody_scored_last(staff_client, call):
    none, low, high = eligible(call), read(call, 1, 1), read(call, 4, 4)
    response = staff_client.get(at(call))
    assert listed(response) == [high.pk, low.pk, none.pk]
    assert "2 of 3 expressions have all the scores that are wanted" in text(response)


def test_board_shows_where_assessors_differ_widely(staff_client, call):
    wide, close = read(call, 1, 4), read(call, 3, 4)
    assert listed(staff_client.get(at(call) + "?differ=on")) == [wide.pk]
    assert set(listed(staff_client.get(at(call) + "?differ=on&wide=10"))) == {wide.pk, close.pk}
    assert listed(staff_client.get(at(call) + "?differ=on&wide=90")) == []


def test_board_says_when_strictness_cannot_be_compared(staff_client, call):
    read(call, 1, 4)
    assert "How strict they are cannot be compared" not in text(staff_client.get(at(call)))
    read(call, 3, 4)
    assert "How strict they are cannot be compared" in text(staff_client.get(at(call)))


def test_board_costs_the_same_at_one_row_and_at_thirty(staff_client, call):
    counts = []
    for size in (1, 29):
        for _n in range(size):
            read(call, 3, 4)
        staff_client.get(at(call))
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(at(call)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_board_of_fifty_one_has_two_pages(staff_client, call):
    rows = [eligible(call) for _n in range(51)]
    assert len(listed(staff_client.get(at(call)))) == 50
    assert listed(staff_client.get(at(call) + "?page=2")) == [rows[-1].pk]
    assert len(listed(staff_client.get(at(call) + "?page=x"))) == 50


def test_two_thousand_expressions_are_reckoned_in_three_queries(call, django_assert_num_queries):
    for _n in range(4):
        read(call, 3, 4)
    with django_assert_num_queries(3):
        assert len(assessing.scored_expressions(call)) == 4


def test_an_assessment_begins_once_the_call_is_closed(staff_client):
    call = reading_call(state=CallState.CLOSED)
    assert "Begin the assessment" in text(staff_client.get(at(call)))
    for _n in range(2):
        staff_client.post(at(call, "assessment-begin"))
    call.refresh_from_db()
    assert call.state == CallState.ASSESSING


def test_a_call_without_criteria_does_not_begin(staff_client):
    call = reading_call(criteria=0, state=CallState.CLOSED)
    page = text(staff_client.post(at(call, "assessment-begin"), follow=True))
    assert "at least one criterion" in page


def test_home_page_of_staff_says_how_far_the_assessment_is(staff, call):
    read(call, 3)
    assigned(eligible(call), assessor_of(call))
    todo = selectors.todo_for(staff, timezone.now())[-1]
    assert (todo.url, todo.detail) == (at(call), "1 of 2 assessments are done")


def test_page_of_an_expression_leads_to_its_scores(staff_client, call):
    one = read(call, 3)
    page = text(staff_client.get(reverse("expressions:staff-page", args=[one.pk])))
    assert at(call, "moderate", one.pk) in page


# --- Moderation ---


def test_reasons_stand_side_by_side(staff_client, call):
    one = read(call, 1, 4)
    one.assessments.last().scores.update(reason="Strong links")
    page = text(staff_client.get(at(call, "moderate", one.pk)))
    assert "Because." in page
    assert "Strong links" in page


def test_the_agreed_score_stands_for_the_expression(staff_client, staff, call):
    one = read(call, 1, 4)
    address = at(call, "moderate", one.pk)
    fields = {"points": "62.5", "note": "After talking it over", "seen": "none"}
    for _n in range(2):
        assert staff_client.post(address, fields).status_code == 302
    row = Moderation.objects.get()
    assert (row.points, row.by) == (Decimal("62.5"), staff)
    scored_ = assessing.scored_expressions(call)[0]
    assert (scored_.score, scored_.raw, scored_.mean) == (62.5, 62.5, 50)
    kind = ContentType.objects.get_for_model(Moderation)
    assert AuditEntry.objects.filter(content_type=kind).count() == 1


def test_of_two_who_agree_at_once_the_second_sees_the_first(staff_client, call):
    one = read(call, 1, 4)
    address = at(call, "moderate", one.pk)
    staff_client.post(address, {"points": "60", "note": "First", "seen": "none"})
    response = staff_client.post(address, {"points": "30", "note": "Second", "seen": "none"})
    assert response.status_code == 200
    assert "Somebody else changed" in text(response)
    seen = response.context["form"]["seen"].value()
    staff_client.post(address, {"points": "30", "note": "Second", "seen": seen})
    assert Moderation.objects.get().points == 30


@pytest.mark.parametrize("points", ["101", "-1", "x", "NaN", "Infinity", ""])
def test_an_agreed_score_is_of_a_hundred(staff_client, call, points):
    one = read(call, 1, 4)
    fields = {"points": points, "note": "x", "seen": "none"}
    response = staff_client.post(at(call, "moderate", one.pk), fields)
    assert sorted(response.context["form"].errors) == ["points"]


def test_after_the_decision_no_score_is_agreed(staff_client):
    call = reading_call(state=CallState.DECIDED)
    one = read(call, 1, 4)
    fields = {"points": "5", "note": "x", "seen": "none"}
    page = text(staff_client.post(at(call, "moderate", one.pk), fields, follow=True))
    assert "until the call is decided" in page
    assert not Moderation.objects.exists()


def test_staff_go_on_with_fewer_scores_than_wanted(staff_client, call):
    one, none = read(call, 3), eligible(call)
    for row in (one, none):
        staff_client.post(at(call, "finish-early", row.pk))
        row.refresh_from_db()
    assert (one.state, none.state) == ("assessed", "eligible")


# --- The long list ---


def test_long_list_is_shown_first_and_then_made(staff_client, call):
    low, high = read(call, 1, 1), read(call, 4, 4)
    Expression.objects.filter(call=call).update(state="assessed")
    response = staff_client.get(at(call, "longlist") + "?least=60")
    assert [line.expression for line in response.context["lines"]] == [high]
    assert Expression.objects.filter(state="longlisted").count() == 0
    for _n in range(2):
        staff_client.post(at(call, "longlist"), {"chosen": [high.pk, "x"]})
    low.refresh_from_db()
    high.refresh_from_db()
    assert (low.state, high.state) == ("assessed", "longlisted")


def test_ticked_expressions_come_to_the_preview(staff_client, call):
    one, other = read(call, 1, 1), read(call, 4, 4)
    Expression.objects.filter(pk=one.pk).update(state="assessed")
    query = f"?chosen={one.pk}&chosen={other.pk}"
    lines = staff_client.get(at(call, "longlist") + query).context["lines"]
    assert [line.expression for line in lines] == [one]


# --- Assessors and assigning ---


def test_staff_add_an_assessor_until_a_day(staff_client, call):
    person = UserFactory(email="ann@example.org")
    day = timezone.localdate() + timedelta(days=40)
    fields = {"email": "Ann@example.org", "ends_on": day.isoformat()}
    for _n in range(2):
        staff_client.post(at(call, "assessors"), fields)
    role = person.roles.get()
    assert (role.kind, role.scope, role.ends_on) == (RoleKind.ASSESSOR, call, day)


def test_somebody_without_an_account_needs_an_invitation(staff_client, call):
    fields = {"email": "nobody@example.org", "ends_on": "2099-01-01"}
    response = staff_client.post(at(call, "assessors"), fields)
    assert "need an invitation first" in text(response)


def test_board_of_assessors_shows_how_far_each_is(staff_client, call):
    person = assessor_of(call, preferred_name="Ann Reader")
    scored(eligible(call), person, 3, 3)
    assigned(eligible(call), person)
    response = staff_client.get(at(call, "assessors"))
    row = response.context["rows"][0]
    assert (row.name, row.done, row.assigned, row.undeclared) == ("Ann Reader", 1, 2, 1)
    assert "1 of 2 assessments are done" in text(response)


def test_board_of_assessors_costs_the_same_at_one_and_at_thirty(staff_client, call):
    counts = []
    for size in (1, 29):
        for _n in range(size):
            assigned(eligible(call), assessor_of(call))
        staff_client.get(at(call, "assessors"))
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(at(call, "assessors")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_taking_somebody_off_asks_once_and_frees_their_work(staff_client, call):
    person = assessor_of(call)
    row = assigned(eligible(call), person)
    address = at(call, "assessor-remove", person.pk)
    assert "1 expression that they have still to score" in text(staff_client.get(address))
    staff_client.post(address)
    row.refresh_from_db()
    assert row.state == "stood_down"
    again = staff_client.get(at(call, "assessors"))
    assert [line.is_current for line in again.context["rows"]] == []


def test_an_even_share_is_shown_in_numbers_before_it_is_made(staff_client, call):
    people = [assessor_of(call) for _n in range(2)]
    for _n in range(3):
        eligible(call)
    response = staff_client.get(at(call, "assign"))
    preview = response.context["preview"]
    assert [share.gets for share in preview.shares] == [3, 3]
    assert not Assessment.objects.exists()
    staff_client.post(at(call, "assign"), {"mark": preview.mark})
    assert Assessment.objects.count() == 6
    page = text(staff_client.post(at(call, "assign"), {"mark": preview.mark}, follow=True))
    assert "Everything is assigned already" in page
    assert Assessment.objects.count() == 6
    assert len(people) == 2


def test_what_stays_short_is_named_with_the_reason(staff_client, call):
    person = assessor_of(call)
    one = eligible(call, organisation=OrganisationFactory(name="Orkney carers"))
    Conflict.objects.create(expression=one, person=person, state=ConflictState.SUGGESTED)
    page = text(staff_client.get(at(call, "assign")))
    assert "Orkney carers: too many assessors have a conflict" in page


def test_ticked_expressions_are_assigned_by_hand(staff_client, call):
    person, rows = assessor_of(call), [eligible(call) for _n in range(3)]
    fields = {"person": person.pk, "chosen": [row.pk for row in rows[:2]]}
    for _n in range(2):
        staff_client.post(at(call, "assign-chosen"), fields)
    assert Assessment.objects.count() == 2
    page = text(staff_client.post(at(call, "assign-chosen"), {"person": person.pk}, follow=True))
    assert "Tick at least one expression" in page


# --- Conflicts ---


def test_staff_record_a_conflict_and_a_manager_clears_it(client, staff_client, call):
    person, one = assessor_of(call), eligible(call)
    row = assigned(one, person)
    fields = {"person": person.pk, "expression": one.pk, "reason": "Told us by telephone"}
    assert staff_client.get(at(call, "conflicts")).status_code == 200
    staff_client.post(at(call, "conflicts"), fields)
    conflict = Conflict.objects.get()
    assert conflict.state == ConflictState.DECLARED
    row.refresh_from_db()
    assert row.state == "stood_down"
    clear = at(call, "conflict-clear", conflict.pk)
    assert staff_client.post(clear, {"reason": "x"}).status_code == 403
    client.force_login(person_with(RoleKind.PROGRAMME_MANAGER))
    assert sorted(client.post(clear, {"reason": ""}).context["form"].errors) == ["reason"]
    client.post(clear, {"reason": "It was another organisation"})
    conflict.refresh_from_db()
    assert (conflict.state, conflict.reason) == ("cleared", "It was another organisation")
    kind = ContentType.objects.get_for_model(Conflict)
    entry = AuditEntry.objects.filter(content_type=kind).last()
    assert entry.changes["state"] == ["Conflict declared", "No conflict"]


def test_staff_clear_what_the_portal_only_suspects(staff_client, call):
    person, one = assessor_of(call), eligible(call)
    conflict = Conflict.objects.create(
        expression=one, person=person, state=ConflictState.SUGGESTED, reason="Same address"
    )
    staff_client.post(at(call, "conflict-clear", conflict.pk), {"reason": "Another council"})
    conflict.refresh_from_db()
    assert conflict.state == ConflictState.CLEARED


def test_register_costs_the_same_at_one_row_and_at_thirty(staff_client, call):
    counts = []
    for size in (1, 29):
        for _n in range(size):
            person = assessor_of(call)
            Conflict.objects.create(
                expression=eligible(call), person=person, state=ConflictState.SUGGESTED
            )
        staff_client.get(at(call, "conflicts"))
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(at(call, "conflicts")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


# --- Export ---


def lines_of(response):
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_scores_are_exported_with_names_for_those_who_run_it(staff_client, client, call):
    one = eligible(call, organisation=OrganisationFactory(name="=1+1"))
    scored(one, assessor_of(call, preferred_name="Ann Reader"), 5, 0)
    head, line = lines_of(staff_client.get(at(call, "scores-export", "csv")))
    assert head.startswith("Reference,Organisation,State,Assessor,Criterion 0,Why: Criterion 0")
    assert line == (
        f"{one.reference},'=1+1,Eligible,Ann Reader,5,Because.,0,Because.,,75.0,75.0,75.0,0.0,"
    )
    client.force_login(person_with(RoleKind.LEADERSHIP))
    _head, line = lines_of(client.get(at(call, "scores-export", "csv")))
    assert "Ann Reader" not in line
    assert ",Eligible,1,5," in line


def test_scores_are_exported_to_excel(staff_client, call):
    scored(eligible(call), assessor_of(call), 5, 0)
    response = staff_client.get(at(call, "scores-export", "xlsx"))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book["Scores"].max_row == 2
    assert staff_client.get(at(call, "scores-export", "doc")).status_code == 404


def test_clearing_counts_in_the_list_of_who_has_declared(call):
    person, one = assessor_of(call), eligible(call)
    cleared(one, person)
    assert person.has_perm("expressions.view_expression", one) is False
