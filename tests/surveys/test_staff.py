"""Results for staff and the Leadership Team: who sees them, what they show, what they export."""

import csv
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from surveys import services
from surveys.enums import SurveyState
from surveys.models import Survey
from tests.accounts.factories import person_with
from tests.surveys.factories import ResponseFactory, SurveyFactory, full_survey
from tests.surveys.test_rollup import answer_randomly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day_of_the_tests(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def survey(now):
    survey = full_survey()
    answer_randomly(survey, 60)
    services.rebuild(survey=survey, now=now)
    return survey


def pages(survey):
    root = f"/staff/surveys/{survey.slug}/"
    return [
        "/staff/surveys/",
        root,
        f"{root}questions/single/",
        f"{root}questions/why/",
        f"{root}results.csv",
        f"{root}codebook.csv",
    ]


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_staff_and_leadership_see_results(client, survey):
    for kind in [RoleKind.PROGRAMME_STAFF, RoleKind.NETWORKS_LEAD, RoleKind.LEADERSHIP]:
        client.force_login(person_with(kind))
        for page in pages(survey):
            assert client.get(page).status_code == 200, (kind, page)


def test_nobody_else_does(client, survey, somebody):
    for page in pages(survey):
        assert client.get(page).status_code == 302, page
    client.force_login(somebody)
    assert [client.get(page).status_code for page in pages(survey)] == [403, *[404] * 5]


def test_the_results_name_their_base_and_fieldwork(staff_client, survey):
    text = staff_client.get(pages(survey)[1]).content.decode()
    assert "answered of 60 asked" in text
    assert "Fieldwork from Tuesday 19 July 2022 to Tuesday 2 August 2022, 5pm." in text
    assert "Counted on Tuesday 26 July 2022, 2pm." in text


def test_answers_that_wait_are_counted_and_explained(staff_client, survey, now):
    services.submit(survey=survey, submission="x", answers={"single": "red"}, now=now)
    services.refresh(survey=survey, now=now)
    text = staff_client.get(pages(survey)[1]).content.decode()
    assert "60 of 61" in text
    assert "1 answer waits" in text


def test_a_survey_without_answers_says_so(staff_client):
    survey = full_survey()
    text = staff_client.get(f"/staff/surveys/{survey.slug}/").content.decode()
    assert "Nothing has been counted yet." in text
    assert "Nobody has answered this yet." in text
    assert staff_client.get(f"/staff/surveys/{survey.slug}/questions/single/").status_code == 200


def test_each_kind_of_question_has_a_page(staff_client, survey):
    for item in ["single", "several", "rating", "matrix", "ranking", "why", "nation", "role"]:
        page = staff_client.get(f"/staff/surveys/{survey.slug}/questions/{item}/")
        assert page.status_code == 200, item
    assert staff_client.get(f"/staff/surveys/{survey.slug}/questions/none/").status_code == 404


def test_crosstabs_stand_by_nation_and_by_role(staff_client, survey):
    text = staff_client.get(f"/staff/surveys/{survey.slug}/questions/single/").content.decode()
    assert "By nation" in text
    assert "By role" in text
    assert "Northern Ireland" in text


def test_what_people_wrote_is_shown_as_text(staff_client, now):
    survey = full_survey()
    for _ in range(6):
        ResponseFactory(survey=survey, answers={"rating": "never", "why": "<script>x</script>"})
    for _ in range(6):
        ResponseFactory(survey=survey, answers={"rating": "often"})
    services.rebuild(survey=survey, now=now)
    text = staff_client.get(f"/staff/surveys/{survey.slug}/questions/why/").content.decode()
    assert "<script>x" not in text
    assert text.count("&lt;script&gt;x") == 6


def test_the_export_has_the_counts_and_hides_the_same(staff_client, now):
    survey = full_survey()
    for answer, times in [("red", 2), ("green", 6), ("blue", 30)]:
        for _ in range(times):
            ResponseFactory(survey=survey, answers={"single": answer, "nation": "wales"})
    services.rebuild(survey=survey, now=now)
    rows = rows_of(staff_client.get(f"/staff/surveys/{survey.slug}/results.csv"))
    found = {
        (row["table"], row["group"], row["answer"]): (row["people"], row["people who answered"])
        for row in rows
        if row["question"] == "single"
    }
    assert found["all", "", "Red"] == ("not shown", "38")
    assert found["all", "", "Green"] == ("not shown", "38")
    assert found["all", "", "Blue"] == ("30", "38")
    assert found["by nation", "Wales", "Red"] == ("not shown", "38")
    assert found["by nation", "Wales", "Blue"] == ("30", "38")


def test_the_codebook_has_every_code(staff_client, survey):
    rows = rows_of(staff_client.get(f"/staff/surveys/{survey.slug}/codebook.csv"))
    assert [row["code"] for row in rows if row["question"] == "matrix"] == [
        "row_a",
        "row_b",
        "low",
        "high",
    ]
    [why] = [row for row in rows if row["question"] == "why"]
    assert (why["asked if"], why["page"]) == ("rating = never / rarely", "2")
    assert [row["value"] for row in rows if row["question"] == "rating"] == ["1", "2", "3"]


def test_staff_close_and_open_a_survey_again(staff_client, survey):
    address = f"/staff/surveys/{survey.slug}/steps"
    assert "Close the survey" in staff_client.get(f"{address}/close/").content.decode()
    for _click in range(2):
        assert staff_client.post(f"{address}/close/").url == f"/staff/surveys/{survey.slug}/"
    assert Survey.objects.get(pk=survey.pk).state == SurveyState.CLOSED
    refused = staff_client.post(f"{address}/reopen/", {"reason": ""})
    assert "Say why, in a sentence or two." in refused.content.decode()
    staff_client.post(f"{address}/reopen/", {"reason": "Wales asked for a week"})
    assert Survey.objects.get(pk=survey.pk).state == SurveyState.OPEN
    text = staff_client.get(f"/staff/surveys/{survey.slug}/").content.decode()
    assert "Wales asked for a week" in text


def test_a_step_that_is_not_open_is_refused_in_words(staff_client, survey):
    page = staff_client.post(
        f"/staff/surveys/{survey.slug}/steps/reopen/", {"reason": "Already open?"}
    )
    assert page.status_code == 302
    page = staff_client.post(f"/staff/surveys/{SurveyFactory(state='closed').slug}/steps/open/")
    assert "cannot be done now" in page.content.decode()


def test_a_step_that_does_not_exist_is_not_found(staff_client, survey):
    for step in ["close_on_time", "burn"]:
        assert staff_client.get(f"/staff/surveys/{survey.slug}/steps/{step}/").status_code == 404
        assert staff_client.post(f"/staff/surveys/{survey.slug}/steps/{step}/").status_code == 404


def test_leadership_may_not_take_steps(client, survey):
    client.force_login(person_with(RoleKind.LEADERSHIP))
    address = f"/staff/surveys/{survey.slug}/steps/close/"
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
    assert "Close the survey" not in client.get(f"/staff/surveys/{survey.slug}/").content.decode()


def test_the_list_costs_the_same_for_one_survey_and_for_thirty(
    staff_client, django_assert_max_num_queries
):
    SurveyFactory()
    with django_assert_max_num_queries(8) as one:
        staff_client.get("/staff/surveys/")
    for _ in range(29):
        SurveyFactory()
    with django_assert_max_num_queries(len(one)):
        text = staff_client.get("/staff/surveys/").content.decode()
    assert "30 results" in text


def test_the_list_is_filtered_by_state(staff_client):
    SurveyFactory(title="Still open")
    SurveyFactory(title="Over", state=SurveyState.CLOSED)
    text = staff_client.get("/staff/surveys/?state=closed").content.decode()
    assert ("Over" in text, "Still open" in text) == (True, False)


def test_the_results_cost_the_same_for_any_number_of_answers(
    staff_client, survey, now, django_assert_max_num_queries
):
    for page in pages(survey)[1:3]:
        staff_client.get(page)
        with django_assert_max_num_queries(15) as few:
            staff_client.get(page)
        answer_randomly(survey, 100, seed=9)
        services.rebuild(survey=survey, now=now)
        with django_assert_max_num_queries(len(few)):
            staff_client.get(page)


@pytest.mark.parametrize("name", ["surveys:list", "surveys:question"])
def test_lists_cost_the_same_for_few_rows_and_for_thirty(staff_client, now, name):
    survey = full_survey()

    def cost():
        address = reverse(name, args=[survey.slug, "why"] if name == "surveys:question" else [])
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(address).status_code == 200
        return len(queries)

    def make(number):
        answers = {"rating": "never", "why": "Because."}
        ResponseFactory.create_batch(number, survey=survey, answers=answers)
        services.rebuild(survey=survey, now=now)

    # Fewer than five answers are not shown at all, so the fewest rows are five.
    make(5)
    cost()  # reads what is then kept for the whole process
    fewest = cost()
    make(30)
    for number in range(29):
        SurveyFactory(title=f"Another {number}")
    assert cost() == fewest <= 10
