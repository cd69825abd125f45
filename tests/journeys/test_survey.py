"""Anybody answers the stakeholder survey; staff see it counted, by nation and by role."""

import re

import pytest

from surveys import tokens
from surveys.models import Draft, Response, Submission, Survey, SurveyCount
from surveys.services import submit
from tests.support.keyboard import choose, enter, press_until

pytestmark = pytest.mark.journey

START = "/surveys/stakeholder-survey/"


def go_on(page, name="Continue"):
    press_until(page, page.get_by_role("button", name=name))
    enter(page)


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def test_a_carer_answers_by_keyboard_alone_on_a_phone_without_javascript(portal, new_person):
    phone = new_person(width=320, java_script_enabled=False)
    survey = Survey.objects.get(slug="stakeholder-survey")
    phone.goto(portal.url("/surveys/"))
    press_until(phone, phone.get_by_role("link", name="Stakeholder survey"))
    enter(phone)
    go_on(phone, "Start now")
    assert phone.get_by_text("Page 1 of 6").is_visible()
    choose(phone, "What carers and families say")
    choose(phone, "Money and staffing")
    go_on(phone)
    choose(phone, "Rarely")
    go_on(phone)
    assert heading(phone) == "Whose voices count"
    go_on(phone, "Save and come back later")
    assert heading(phone) == "Your answers are saved"

    phone.goto(portal.url(START))
    press_until(phone, phone.get_by_role("button", name="Carry on"))
    enter(phone)
    assert heading(phone) == "What support is needed"
    choose(phone, "There is no time")
    for label in ["Practical support to make a change", "Training"]:
        press_until(phone, phone.get_by_label(label))
        phone.keyboard.press("1")
    go_on(phone)
    assert phone.title().startswith("Error: ")
    assert phone.get_by_label("There is no time").is_checked()
    press_until(phone, phone.get_by_label("Training"))
    phone.keyboard.press("2")
    go_on(phone)
    choose(phone, "Carers' health and well-being")
    press_until(phone, phone.get_by_label("Is there a topic that we have left out?"))
    phone.keyboard.type("Breaks for carers")
    go_on(phone)
    choose(phone, "Wales")
    choose(phone, "I am a carer")
    go_on(phone)
    assert heading(phone) == "Check your answers"
    go_on(phone, "Send my answers")
    assert heading(phone) == "Thank you"
    assert "What happens next" in phone.content()

    phone.go_back()
    assert heading(phone) != "Check your answers"
    assert Draft.objects.count() == 0
    sent = Submission.objects.get(survey=survey)
    assert sent.answers["influences"] == ["carers", "money"]
    assert sent.answers["support"] == ["practical", "skills"]
    assert sent.answers["topics_more"] == "Breaks for carers"
    assert (sent.answers["nation"], sent.answers["role"]) == ("wales", "carer")


def test_every_page_of_the_survey_is_open_to_all(portal, page, look):
    page.goto(portal.url("/surveys/"))
    look(page, "surveys")
    page.goto(portal.url(START))
    look(page, "survey-start")
    page.get_by_role("button", name="Start now").click()
    for number in range(1, 7):
        look(page, f"survey-page-{number}")
        if number == 2:
            page.get_by_label("Rarely").check()
        page.get_by_role("button", name="Continue").click()
    look(page, "survey-check")
    page.get_by_role("button", name="Send my answers").click()
    look(page, "survey-thanks")


def test_staff_see_the_new_total_and_crosstabs_after_the_worker_has_counted(
    portal, page, look, now
):
    survey = Survey.objects.get(slug="stakeholder-survey")
    for _person in range(4):
        answers = {"topics": ["carers"], "nation": "wales", "role": "carer", "_unanswered": []}
        submit(survey=survey, submission=tokens.new_token(), answers=answers, now=now)
    page.goto(portal.url(START))
    page.get_by_role("button", name="Start now").click()
    for _number in range(4):
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("Carers' health and well-being").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Wales").check()
    page.get_by_label("I am a carer").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my answers").click()

    portal.sign_in(page, "programme.staff")
    question = portal.url("/staff/surveys/stakeholder-survey/questions/topics/")
    page.goto(question)
    before = wales(page)
    made = SurveyCount.objects.get(survey=survey).made_at
    portal.sweep()
    for _wait in range(60):
        if SurveyCount.objects.get(survey=survey).made_at != made:
            break
        page.wait_for_timeout(500)
    page.goto(portal.url("/staff/surveys/stakeholder-survey/"))
    assert "2,170" in page.locator(".impact-stats").inner_text()
    look(page, "survey-results")
    page.goto(question)
    assert wales(page) == before + 5
    look(page, "survey-question")
    assert Response.objects.filter(survey=survey).count() == 2170


def wales(page):
    """How many people in Wales chose carers' health and well-being, as the cross-tab has it."""
    table = page.get_by_role("region", name="By nation").first
    row = table.get_by_role("row", name=re.compile("Carers' health"))
    return int(row.get_by_role("cell").nth(3).inner_text().split()[0].replace(",", ""))
