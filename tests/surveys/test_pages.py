"""Answering: every page without JavaScript, nothing typed is lost, one row whatever is clicked."""

import re
from datetime import timedelta

import brotli
import pytest
import time_machine
from django.conf import settings

from surveys import services, tokens
from surveys.enums import SurveyMode, SurveyState
from surveys.models import Draft, Question, Response, Submission, Survey
from surveys.questionnaire import UNANSWERED
from tests.surveys.factories import SurveyFactory, full_survey

pytestmark = pytest.mark.django_db

FIRST = {"single": "red", "several": ["one", "two"], "rating": "rarely"}
SECOND = {
    "matrix__row_a": "low",
    "matrix__row_b": "high",
    "ranking__north": "2",
    "ranking__west": "1",
    "ranking__south": "",
    "why": "Because <b>time</b> is short",
}
THIRD = {"nation": "wales", "role": "carer"}


@pytest.fixture(autouse=True)
def _the_day_of_the_tests(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def survey():
    return full_survey()


def address(survey, rest=""):
    return f"/surveys/{survey.slug}/{rest}"


def begin(client, survey):
    response = client.post(address(survey))
    assert response.url == address(survey, "pages/1/")
    return client.cookies[f"survey-{survey.pk}"]


def fill(client, survey):
    begin(client, survey)
    for number, answers in enumerate([FIRST, SECOND, THIRD], start=1):
        response = client.post(address(survey, f"pages/{number}/"), answers)
    assert response.url == address(survey, "check/")


def token_on(response):
    return re.search(r'name="submission" value="([0-9a-f]{64})"', response.content.decode())[1]


def send(client, survey):
    page = client.get(address(survey, "check/"))
    return client.post(address(survey, "check/"), {"submission": token_on(page)})


def test_the_list_names_open_and_closed_surveys_and_hides_drafts(client):
    shown = SurveyFactory(title="Open to all")
    SurveyFactory(title="Over by now", state=SurveyState.CLOSED)
    SurveyFactory(title="Not ready", state=SurveyState.DRAFT)
    SurveyFactory(title="For those invited", mode=SurveyMode.INVITATION)
    text = client.get("/surveys/").content.decode()
    assert address(shown) in text
    assert [name in text for name in ["Over by now", "Not ready", "For those invited"]] == [
        True,
        False,
        False,
    ]


def test_an_empty_list_says_what_will_be_there(client):
    assert "No survey is open now" in client.get("/surveys/").content.decode()


def test_a_draft_or_invited_survey_is_not_found(client):
    for survey in [SurveyFactory(state="draft"), SurveyFactory(mode="invitation")]:
        assert client.get(address(survey)).status_code == 404


def test_answers_of_every_kind_arrive_as_they_were_given(client, survey):
    fill(client, survey)
    response = send(client, survey)
    assert response.url == address(survey, "thank-you/")
    assert Submission.objects.get().answers == {
        "single": "red",
        "several": ["one", "two"],
        "rating": "rarely",
        "matrix": {"row_a": "low", "row_b": "high"},
        "ranking": ["west", "north"],
        "why": "Because <b>time</b> is short",
        "nation": "wales",
        "role": "carer",
        UNANSWERED: [],
    }


def test_the_thank_you_page_says_what_happens_next(client, survey):
    fill(client, survey)
    text = client.post(
        address(survey, "check/"),
        {"submission": token_on(client.get(address(survey, "check/")))},
        follow=True,
    ).content.decode()
    assert "What happens next" in text
    assert survey.what_next in text


def test_a_question_is_asked_only_after_the_answer_it_hangs_on(client, survey):
    begin(client, survey)
    client.post(address(survey, "pages/1/"), {**FIRST, "rating": "often"})
    assert "About why?" not in client.get(address(survey, "pages/2/")).content.decode()
    client.post(address(survey, "pages/1/"), FIRST)
    assert "About why?" in client.get(address(survey, "pages/2/")).content.decode()


def test_an_answer_that_is_no_longer_asked_for_is_left_out(client, survey):
    fill(client, survey)
    client.post(address(survey, "pages/1/?check"), {**FIRST, "rating": "often"})
    send(client, survey)
    assert "why" not in Submission.objects.get().answers


def test_a_page_with_nothing_to_ask_is_passed_over(client, survey):
    Question.objects.filter(code__in=["matrix", "ranking"]).delete()
    begin(client, survey)
    client.post(address(survey, "pages/1/"), {**FIRST, "rating": "often"})
    text = client.get(address(survey, "pages/2/")).content.decode()
    assert "About nation?" in text
    assert "Page 2 of 2" in text


def test_what_was_typed_stays_when_something_is_wrong(client, survey):
    begin(client, survey)
    client.post(address(survey, "pages/1/"), FIRST)
    wrong = {**SECOND, "ranking__north": "1", "why": "word " * 301}
    page = client.post(address(survey, "pages/2/"), wrong).content.decode()
    assert "<title>Error: " in page
    assert "You gave place 1 to “North” and “West”. Give it to one." in page
    assert "About why: 1 word too long. You wrote 301 words; the most is 300." in page
    assert page.count("word ") >= 301
    again = client.get(address(survey, "pages/2/")).content.decode()
    assert again.count("word ") >= 301
    assert "There is a problem" not in again
    assert "There is a problem" in client.get(address(survey, "pages/2/?check")).content.decode()


def test_more_answers_than_allowed_are_refused_in_words(client, survey):
    begin(client, survey)
    page = client.post(address(survey, "pages/1/"), {"several": ["one", "two", "three"]})
    assert "About several: Choose at most 2 answers" in page.content.decode()


def test_a_ranking_without_a_first_place_is_refused(client, survey):
    begin(client, survey)
    page = client.post(address(survey, "pages/2/"), {"ranking__north": "2"})
    assert "About ranking: choose what comes in place 1" in page.content.decode()


@pytest.mark.parametrize("bad", ["purple", "\x00", "x" * 100_000])
def test_answers_that_are_not_offered_are_refused_and_not_stored(client, survey, bad):
    begin(client, survey)
    page = client.post(address(survey, "pages/1/"), {"single": bad})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_text_that_cannot_be_stored_is_refused_in_words(client, survey):
    begin(client, survey)
    client.post(address(survey, "pages/1/"), FIRST)
    page = client.post(address(survey, "pages/2/"), {"why": "a\x00b"}).content.decode()
    assert "cannot be saved" in page


def test_a_required_question_must_be_answered_and_others_say_they_are_optional(client, survey):
    Question.objects.filter(code="single").update(is_required=True)
    begin(client, survey)
    page = client.post(address(survey, "pages/1/"), {}).content.decode()
    assert "About single: choose an answer" in page
    assert "(optional)" in page


def test_save_and_come_back_keeps_even_what_is_wrong(client, survey):
    begin(client, survey)
    response = client.post(
        address(survey, "pages/1/"), {"several": ["one", "two", "three"], "later": "yes"}
    )
    assert response.url == address(survey, "saved/")
    assert client.get(response.url).status_code == 200
    start = client.get(address(survey)).content.decode()
    assert "Carry on" in start
    assert address(survey, "pages/2/") in start
    page = client.get(address(survey, "pages/1/")).content.decode()
    assert page.count(" checked") == 3


def test_starting_again_deletes_what_was_begun(client, survey):
    fill(client, survey)
    begin(client, survey)
    assert not Draft.objects.exists()
    assert " checked" not in client.get(address(survey, "pages/1/")).content.decode()


def test_the_check_page_shows_every_answer_and_a_way_to_change_it(client, survey):
    fill(client, survey)
    page = client.get(address(survey, "check/")).content.decode()
    for text in ["Row_a: Low", "1. West", "Because &lt;b&gt;time", "Wales"]:
        assert text in page
    assert page.count("pages/2/?check") == 3
    back = client.post(address(survey, "pages/1/?check"), FIRST)
    assert back.url == address(survey, "check/")


def test_wrong_answers_cannot_be_sent(client, survey):
    fill(client, survey)
    submission = token_on(client.get(address(survey, "check/")))
    client.post(address(survey, "pages/1/"), {"several": ["one", "two", "three"], "later": "yes"})
    page = client.post(address(survey, "check/"), {"submission": submission}).content.decode()
    assert "Look at page 1 again" in page
    assert not Submission.objects.exists()


def test_an_empty_survey_cannot_be_sent(client, survey):
    begin(client, survey)
    for number in [1, 2, 3]:
        client.post(address(survey, f"pages/{number}/"), {})
    page = client.get(address(survey, "check/")).content.decode()
    assert "You have not answered any question yet" in page
    submission = tokens.submission_token("x")
    client.post(address(survey, "check/"), {"submission": submission})
    assert not Submission.objects.exists()


def test_a_double_click_and_the_back_button_give_one_row(client, survey):
    fill(client, survey)
    submission = token_on(client.get(address(survey, "check/")))
    for _ in range(3):
        response = client.post(address(survey, "check/"), {"submission": submission})
        assert response.url == address(survey, "thank-you/")
    assert Submission.objects.count() == 1


def test_after_sending_nothing_is_left_on_the_device_and_somebody_else_can_answer(client, survey):
    fill(client, survey)
    send(client, survey)
    assert client.cookies[f"survey-{survey.pk}"].value == ""
    assert client.get(address(survey, "check/")).url == address(survey)
    fill(client, survey)
    send(client, survey)
    assert Submission.objects.count() == 2


def test_the_token_of_one_person_does_not_send_the_answers_of_another(client, survey):
    fill(client, survey)
    response = client.post(address(survey, "check/"), {"submission": "0" * 64})
    assert response.url == address(survey, "check/")
    assert not Submission.objects.exists()


def test_a_robot_that_fills_in_the_hidden_box_is_refused(client, survey):
    fill(client, survey)
    submission = token_on(client.get(address(survey, "check/")))
    client.post(
        address(survey, "check/"),
        {"submission": submission, "homepage_address": "http://spam.example"},
    )
    assert not Submission.objects.exists()


def test_a_browser_without_the_cookie_is_told_so(client, survey):
    assert client.get(address(survey, "pages/1/")).url == address(survey) + "?cookies=off"
    assert client.post(address(survey, "pages/1/"), FIRST).url == address(survey) + "?cookies=off"
    text = client.get(address(survey) + "?cookies=off").content.decode()
    assert "Your answers cannot be kept" in text


def test_a_forged_cookie_opens_nothing(client, survey):
    client.cookies[f"survey-{survey.pk}"] = "forged:token"
    assert client.get(address(survey, "pages/1/")).status_code == 302


def test_the_cookie_is_for_this_survey_and_not_for_scripts(client, survey):
    cookie = begin(client, survey)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        address(survey),
        True,
        "Lax",
    )


def test_no_page_may_be_kept_by_the_browser(client, survey):
    fill(client, survey)
    for rest in ["", "pages/1/", "check/", "saved/"]:
        assert "no-store" in client.get(address(survey, rest))["Cache-Control"]


def test_nobody_gets_a_session_by_answering(client, survey):
    fill(client, survey)
    send(client, survey)
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_page_that_is_not_there_is_not_found(client, survey):
    begin(client, survey)
    assert client.get(address(survey, "pages/9/")).status_code == 404


def test_a_survey_past_its_moment_takes_nothing_more(client, survey, now):
    fill(client, survey)
    submission = token_on(client.get(address(survey, "check/")))
    with time_machine.travel(survey.closes_at, tick=False):
        page = client.post(address(survey, "check/"), {"submission": submission})
        assert "This survey is closed" in page.content.decode()
        assert "This survey is closed" in client.get(address(survey)).content.decode()
        assert client.get(address(survey, "thank-you/")).status_code == 200
    assert not Submission.objects.exists()
    with time_machine.travel(survey.closes_at - timedelta(seconds=1), tick=False):
        client.post(address(survey, "check/"), {"submission": submission})
    assert Submission.objects.count() == 1


def test_answers_reach_the_responses(client, survey, now):
    for _ in range(5):
        fill(client, survey)
        send(client, survey)
    services.sweep(now=now)
    assert Response.objects.filter(survey=survey).count() == 5


def test_wording_is_welsh_where_there_is_welsh_and_says_where_it_is_not(client, survey):
    Survey.objects.update(title_cy="Yr arolwg", introduction_cy="Amdano")
    Question.objects.filter(code="single").update(text_cy="Am y coch?")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    start = client.get(address(survey)).content.decode()
    assert "Yr arolwg" in start
    assert "Amdano" in start
    begin(client, survey)
    page = client.get(address(survey, "pages/1/")).content.decode()
    assert "Am y coch?" in page
    assert re.search(r'lang="en-GB">\s*<div class="govuk-form-group">.*?About several', page, re.S)


def test_a_page_costs_the_same_queries_however_many_answers_there_are(
    client, survey, django_assert_max_num_queries
):
    fill(client, survey)
    for rest in ["pages/1/", "check/"]:
        with django_assert_max_num_queries(5):
            client.get(address(survey, rest))


def test_public_pages_are_light(client, survey):
    fill(client, survey)
    for rest in ["", "pages/1/", "check/", "saved/", "thank-you/"]:
        page = brotli.compress(client.get(address(survey, rest)).content, quality=5)
        assert len(page) < 8_000, rest


def test_changing_the_language_keeps_what_is_not_sent_yet(client, survey):
    begin(client, survey)
    here = address(survey, "pages/1/")
    page = client.get(here).content.decode()
    # The switch stands outside the form and sends it, so that it needs no script.
    assert len(re.findall(r'form="survey-answers"', page)) == 2
    assert 'id="survey-answers"' in page
    answer = client.post(here, FIRST | {"language": "cy", "next": here})
    assert answer.url == here
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "cy"
    page = client.get(here).content.decode()
    assert 'lang="cy"' in page
    assert re.search(r'value="red"[^>]*checked', page)
