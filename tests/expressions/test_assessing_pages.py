"""The pages of an assessor: conflicts first, then the queue and the scores."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from expressions import selectors
from expressions.enums import AssessmentState, CallState, ConflictState
from expressions.models import Assessment, Conflict, Score
from tests.expressions.assessing import (
    assessor_of,
    assigned,
    cleared,
    eligible,
    reading_call,
    score,
    scored,
)
from tests.expressions.factories import QuestionFactory, SectionFactory
from tests.partners.factories import ContactFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def call(db):
    return reading_call(slug="pilot")


@pytest.fixture
def person(call, client):
    found = assessor_of(call)
    client.force_login(found)
    return found


def page_of(expression, name="score"):
    return reverse(f"expressions:{name}", args=[expression.pk])


def sent(call, *points, reason="Because.", seen=0, **more):
    """What the scoring page sends."""
    fields = {"comment": "", "seen": seen, **more}
    for one, number in zip(call.criteria.order_by("order"), points, strict=True):
        fields[f"p{one.pk}"] = "" if number is None else number
        fields[f"r{one.pk}"] = reason if number is not None else ""
    return fields


# --- Declaring ---


def test_declaring_shows_names_and_no_answers(client, call, person):
    question = QuestionFactory(section=SectionFactory(call=call))
    one = eligible(call, organisation=OrganisationFactory(name="Dundee voices"))
    one.answers.create(question=question, value="A secret plan.", saved_at=timezone.now())
    page = text(client.get("/assessing/pilot/conflicts/"))
    assert "Dundee voices" in page
    assert "A secret plan." not in page


def test_what_is_not_ticked_is_cleared_and_what_is_ticked_is_hidden(client, call, person):
    free, tied = assigned(eligible(call), person, declared=False), eligible(call)
    tied = assigned(tied, person, declared=False)
    response = client.post(
        "/assessing/pilot/conflicts/",
        {
            "is_complete": "on",
            "shown": f"{free.expression_id},{tied.expression_id}",
            f"c{tied.expression_id}": "on",
            f"w{tied.expression_id}": "My sister works there",
        },
    )
    assert response.url == "/assessing/pilot/"
    name = tied.expression.organisation.name
    said = f"{name} is hidden from you, and somebody else scores it."
    assert said in text(client.get(response.url))
    states = dict(Conflict.objects.values_list("expression_id", "state"))
    assert states == {free.expression_id: "cleared", tied.expression_id: "declared"}
    tied.refresh_from_db()
    assert tied.state == AssessmentState.STOOD_DOWN
    assert client.get(page_of(tied.expression)).status_code == 404
    assert client.get(page_of(free.expression)).status_code == 200
    assert AuditEntry.objects.filter(by=person).count() == 2


def test_a_tick_without_words_is_refused_and_what_was_ticked_is_kept(client, call, person):
    one = eligible(call)
    fields = {"is_complete": "on", "shown": str(one.pk), f"c{one.pk}": "on", f"w{one.pk}": ""}
    response = client.post("/assessing/pilot/conflicts/", fields)
    assert sorted(response.context["form"].errors) == [f"w{one.pk}"]
    assert "checked" in text(response)
    assert not Conflict.objects.exists()


def test_a_name_that_the_page_did_not_show_is_not_decided(client, call, person):
    shown, later = eligible(call), eligible(call)
    client.post("/assessing/pilot/conflicts/", {"is_complete": "on", "shown": str(shown.pk)})
    assert Conflict.objects.get().expression == shown
    assert later.conflicts.count() == 0


def test_what_the_portal_suspects_is_hidden_without_being_asked(client, call, person):
    one = eligible(call)
    ContactFactory(organisation=one.organisation, person=person)
    other = eligible(call)
    client.post("/assessing/pilot/conflicts/", {"is_complete": "on", "shown": str(other.pk)})
    found = Conflict.objects.get(expression=one)
    assert (found.state, found.reason) == (
        ConflictState.SUGGESTED,
        "They are a contact of this organisation.",
    )


def test_more_than_a_hundred_names_come_on_several_pages(client, call, person):
    for _n in range(103):
        eligible(call)
    response = client.get("/assessing/pilot/conflicts/")
    shown = response.context["form"].initial["shown"]
    assert len(shown.split(",")) == 100
    response = client.post(
        "/assessing/pilot/conflicts/", {"is_complete": "on", "shown": shown}, follow=True
    )
    assert len(response.context["form"].initial["shown"].split(",")) == 3


def test_answers_are_not_read_before_declaring(client, call, person):
    one = assigned(eligible(call), person, declared=False).expression
    assert client.get(page_of(one)).url == "/assessing/pilot/conflicts/"
    assert client.get(page_of(one, "copy")).status_code == 403
    assert client.post(page_of(one), sent(call, 3, 3, finish="yes")).status_code == 403
    assert not Score.objects.exists()


def test_a_conflict_seen_late_stands_the_assessment_down_and_keeps_the_words(client, call, person):
    row = assigned(eligible(call), person)
    score(row, 5, 5)
    assert client.get(page_of(row.expression, "late-conflict")).status_code == 200
    client.post(page_of(row.expression, "late-conflict"), {"reason": "I know their chair"})
    row.refresh_from_db()
    assert (row.state, row.scores.count()) == (AssessmentState.STOOD_DOWN, 2)
    assert client.get(page_of(row.expression)).status_code == 404


# --- Scoring ---


def test_queue_has_the_fewest_scored_first(client, call, person):
    first, second = eligible(call), eligible(call)
    scored(first, assessor_of(call), 3, 3)
    for one in (first, second):
        assigned(one, person)
    rows = client.get("/assessing/pilot/").context["to_score"]
    assert [row.expression for row in rows] == [second, first]


def test_progress_counts_what_is_scored(client, call, person):
    rows = [assigned(eligible(call), person) for _n in range(3)]
    score(rows[0], 3, 3)
    assert "1 of 3 scored" in text(client.get("/assessing/pilot/"))
    assert "1 of 3 scored" in text(client.get(page_of(rows[1].expression)))


def test_saving_keeps_half_and_does_not_finish(client, call, person):
    row = assigned(eligible(call), person)
    response = client.post(page_of(row.expression), sent(call, 4, None, then="stay"))
    assert response.url == page_of(row.expression)
    row.refresh_from_db()
    assert (row.state, row.version) == (AssessmentState.ASSIGNED, 1)
    assert list(row.scores.order_by("criterion_id").values_list("points", flat=True)) == [4, None]


def test_finishing_needs_points_and_reasons_and_keeps_what_was_typed(client, call, person):
    row = assigned(eligible(call), person)
    response = client.post(page_of(row.expression), sent(call, 4, None, finish="yes"))
    assert response.status_code == 422
    first, second = call.criteria.order_by("order")
    assert sorted(response.context["form"].errors) == sorted([f"p{second.pk}", f"r{second.pk}"])
    assert row.scores.get(criterion=first).points == 4
    again = sent(call, 4, 2, finish="yes", seen=response.context["form"]["seen"].value())
    client.post(page_of(row.expression), again)
    row.refresh_from_db()
    assert row.state == AssessmentState.DONE


def test_finishing_with_several_things_missing_names_each_of_them(client, call, person):
    row = assigned(eligible(call), person)
    response = client.post(page_of(row.expression), sent(call, None, None, finish="yes"))
    assert response.status_code == 422
    missing = [f"{kind}{one.pk}" for one in call.criteria.all() for kind in "pr"]
    assert sorted(response.context["form"].errors) == sorted(missing)
    summary = text(response).split("govuk-error-summary__list")[1].split("</ul>")[0]
    assert summary.count("<li>") == len(missing)


def test_save_and_next_goes_to_the_next_and_at_the_end_to_the_queue(client, call, person):
    rows = [assigned(eligible(call), person) for _n in range(2)]
    fields = sent(call, 3, 3, finish="yes", then="next")
    assert client.post(page_of(rows[0].expression), fields).url == page_of(rows[1].expression)
    assert client.post(page_of(rows[1].expression), fields).url == "/assessing/pilot/"


def test_a_double_click_changes_nothing(client, call, person):
    row = assigned(eligible(call), person)
    for _n in range(2):
        response = client.post(page_of(row.expression), sent(call, 3, 3, finish="yes"))
        assert response.status_code == 302
    row.refresh_from_db()
    assert (row.version, row.scores.count()) == (1, 2)


def test_two_windows_lose_nothing(client, call, person):
    row = assigned(eligible(call), person)
    client.post(page_of(row.expression), sent(call, 3, 3, reason="The first window"))
    response = client.post(page_of(row.expression), sent(call, 1, 1, reason="The second window"))
    assert response.status_code == 409
    page = text(response)
    assert "The first window" in page
    assert "The second window" in page
    assert set(row.scores.values_list("points", flat=True)) == {3}
    seen = response.context["form"]["seen"].value()
    client.post(page_of(row.expression), sent(call, 1, 1, reason="The second window", seen=seen))
    assert set(row.scores.values_list("points", flat=True)) == {1}


def test_scores_are_saved_while_typing(client, call, person):
    row = assigned(eligible(call), person)
    address = page_of(row.expression, "score-save")
    response = client.post(address, sent(call, 4, None))
    assert (response.status_code, response.json()["version"]) == (200, 1)
    assert client.post(address, sent(call, 1, 1)).status_code == 409
    assert client.post(address, sent(call, 9, 1, seen=1)).status_code == 422
    type(call).objects.filter(pk=call.pk).update(state=CallState.DECIDING)
    assert client.post(address, sent(call, 1, 1, seen=1)).status_code == 410
    client.logout()
    assert client.post(address, sent(call, 1, 1, seen=1)).status_code == 401
    row.refresh_from_db()
    assert (row.state, row.version) == (AssessmentState.ASSIGNED, 1)


def test_others_scores_are_unseen_until_ones_own_are_in(client, call, person):
    row = assigned(eligible(call), person)
    other = scored(row.expression, assessor_of(call), 1, 1)
    other.scores.update(reason="Too vague for me")
    assert "Too vague for me" not in text(client.get(page_of(row.expression)))
    score(row, 5, 5)
    assert "Too vague for me" in text(client.get(page_of(row.expression)))


def test_scores_change_until_the_decision_begins(client, call, person):
    row = assigned(eligible(call), person)
    score(row, 5, 5)
    client.post(page_of(row.expression), sent(call, 2, 2, seen=1))
    assert set(row.scores.values_list("points", flat=True)) == {2}
    type(call).objects.filter(pk=call.pk).update(state=CallState.DECIDING)
    response = client.post(page_of(row.expression), sent(call, 4, 4, seen=2), follow=True)
    assert "only while the expressions of the call are being read" in text(response)
    assert set(row.scores.values_list("points", flat=True)) == {2}


def test_finished_scores_cannot_be_emptied(client, call, person):
    row = assigned(eligible(call), person)
    score(row, 5, 5)
    response = client.post(page_of(row.expression), sent(call, 2, None, seen=1))
    assert response.status_code == 422
    assert set(row.scores.values_list("points", flat=True)) == {5}


def test_the_last_score_that_is_wanted_ends_the_assessment(client, call, person):
    one = eligible(call)
    rows = [assigned(one, person), assigned(one, assessor_of(call))]
    score(rows[0], 3, 3)
    one.refresh_from_db()
    assert one.state == "eligible"
    score(rows[1], 3, 3)
    one.refresh_from_db()
    assert one.state == "assessed"


@pytest.mark.parametrize("points", ["6", "-1", "x", "1.5"])
def test_points_outside_of_the_scale_are_refused(client, call, person, points):
    row = assigned(eligible(call), person)
    response = client.post(page_of(row.expression), sent(call, points, 3))
    assert response.status_code == 200
    assert not row.scores.exists()


def test_whose_role_has_ended_is_told_so(client, call, person):
    row = assigned(eligible(call), person)
    person.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    page = text(client.get("/assessing/pilot/"))
    assert "Your role as assessor has ended" in page
    assert client.get(page_of(row.expression)).status_code == 404
    assert client.get("/assessing/pilot/conflicts/").status_code == 404


def test_a_call_of_others_does_not_exist(client, call, person):
    reading_call(slug="other")
    assert client.get("/assessing/other/").status_code == 404
    assert "Calls that you assess" in text(client.get("/assessing/"))


def test_somebody_elses_expression_does_not_exist(client, call, person):
    one = assigned(eligible(call), assessor_of(call)).expression
    cleared(one, person)
    assert client.get(page_of(one)).status_code == 404


def test_pages_cost_the_same_at_one_expression_and_at_thirty(client, call, person):
    counts = {}
    for size in (1, 29):
        for _n in range(size):
            row = assigned(eligible(call), person)
            eligible(call)
        for address in (
            "/assessing/pilot/",
            "/assessing/pilot/conflicts/",
            page_of(row.expression),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.setdefault(address if "pilot" in address else "score", []).append(len(queries))
    assert all(one == other <= 15 for one, other in counts.values()), counts


def test_a_scored_expression_costs_at_most_fifteen_queries(client, call, person):
    row = assigned(eligible(call), person)
    score(row, 3, 3)
    for _n in range(3):
        scored(row.expression, assessor_of(call), 2, 2)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(row.expression)).status_code == 200
    assert len(queries) <= 15


def test_home_page_names_what_waits_for_an_assessor(call, person):
    assigned(eligible(call), person)
    assigned(eligible(call), person, declared=False)
    call.assess_by = timezone.localdate()
    call.save()
    todos = selectors.todo_for(person, timezone.now())
    assert [(todo.count, todo.url, todo.due) for todo in todos] == [
        (None, "/assessing/pilot/conflicts/", call.assess_by),
        (1, "/assessing/pilot/", call.assess_by),
    ]


def test_home_page_costs_an_assessor_one_query(call, person, django_assert_num_queries):
    for _n in range(5):
        assigned(eligible(call), person)
    assert person.current_roles
    with django_assert_num_queries(1):
        assert selectors.todo_for(person, timezone.now())[0].count == 5


def test_copy_of_my_data_has_my_scores_and_conflicts(call, person):
    row = assigned(eligible(call), person)
    score(row, 3, 4)
    data = selectors.expressions_data(person)
    assert [one["points"] for one in data["assessments"][0]["scores"]] == [3, 4]
    assert len(data["conflicts_of_interest"]) == 1
    assert Assessment.objects.count() == 1
