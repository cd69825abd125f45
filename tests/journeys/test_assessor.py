"""An assessor declares conflicts and scores by keyboard, on a desktop and on a phone; staff see
where assessors differ, and write down what the panel agreed."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from expressions.models import Assessment, Call, Conflict, Moderation
from expressions.selectors import assessing

pytestmark = pytest.mark.journey

QUEUE = "/assessing/hosting-a-project-the-pilot-round/"


def declare(page, look):
    """One organisation is too close; with the others there is no conflict."""
    page.get_by_role("button", name="Declare conflicts of interest").click()
    look(page, "assessor-declare")
    tick = page.locator("main .govuk-checkboxes__input").first
    tick.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("My sister works there")
    page.get_by_label(re.compile("^I have read every name")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. What you said is kept.")).to_be_visible()


def score_by_keyboard(page):
    """All criteria, each with points and a reason, by keyboard alone; then on to the next."""
    page.get_by_role("link", name="Go to the scores").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#scores")).to_be_focused()
    for _criterion in range(4):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _step in range(3):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.type("People would notice.")
    page.keyboard.press("Tab")
    page.keyboard.type("Worth a visit.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Your scores for .* are in"))).to_be_visible()


def test_assessor_declares_and_scores_by_keyboard_and_staff_moderate(portal, page, phone, look):
    person = User.objects.get(email="assessor@example.org")
    call = Call.objects.get(state="assessing")
    portal.sign_in(page, "assessor")
    page.goto(portal.url("/"))
    page.get_by_role("link", name=re.compile("conflict of interest")).first.click()
    page.goto(portal.url(QUEUE))
    look(page, "assessor-queue")
    declare(page, look)
    assert Conflict.objects.filter(person=person, state="declared").count() == 1
    done, total = assessing.totals(person, call)

    page.goto(portal.url(QUEUE))
    page.get_by_role("button", name="Score the next one").click()
    look(page, "assessor-score")
    score_by_keyboard(page)
    expect(page.get_by_text(f"{done + 1} of {total} scored")).to_be_visible()

    # What is typed is saved without a button.
    page.get_by_label("What else should the panel know?").fill("Half a thought")
    expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible()
    assert Assessment.objects.filter(assessor=person, comment="Half a thought").exists()

    portal.sign_in(phone, "assessor")
    phone.goto(portal.url(QUEUE))
    phone.get_by_role("button", name="Score the next one").click()
    score_by_keyboard(phone)
    assert assessing.totals(person, call)[0] == done + 2
    mine = Assessment.objects.filter(assessor=person, comment="Worth a visit.")
    assert {row.scores.count() for row in mine} == {4}

    moderate(portal, phone, call, look)


def moderate(portal, page, call, look):
    """Staff find where assessors differ widely, and keep the agreed score."""
    page.context.clear_cookies()
    page.set_viewport_size({"width": 1280, "height": 900})
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url(f"/staff/calls/{call.pk}/assessment/?differ=on&wide=25"))
    look(page, "assessment-board")
    page.locator("main tbody th a").first.click()
    look(page, "assessment-moderate")
    page.get_by_label("Agreed score").fill("61.5")
    page.get_by_label("Why this score?").fill("We rang them, and agreed.")
    page.get_by_role("button", name="Save the agreed score").click()
    expect(page.get_by_text("The agreed score stands from now on.")).to_be_visible()
    assert Moderation.objects.get().points == 61.5


def test_pages_of_those_who_run_an_assessment_are_for_everybody(portal, page, look):
    call = Call.objects.get(state="assessing")
    portal.sign_in(page, "programme.manager")
    for name in ("assessors", "assign", "conflicts", "longlist"):
        page.goto(portal.url(f"/staff/calls/{call.pk}/assessment/{name}/"))
        look(page, f"assessment-{name}")
