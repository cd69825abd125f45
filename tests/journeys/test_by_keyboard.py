"""The volunteer's evening and the coordinator's return, from sign-in on, without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from expressions.models import Expression
from impact_portal.management.commands.load_programme import DEMONSTRATION_PASSWORD
from meetings.enums import LogState
from meetings.models import MeetingLog
from tests.support.keyboard import choose, enter, follow, press, press_until, write

pytestmark = pytest.mark.journey


def sign_in(portal, page, key):
    page.goto(portal.url("/account/login/"))
    write(page, "Email", f"{key}@example.org")
    press_until(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(DEMONSTRATION_PASSWORD)
    enter(page)


def finish_section(page):
    choose(page, "Yes, I have finished it")
    press(page, "Save and go on")
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()


def test_a_volunteer_finishes_and_sends_in_by_keyboard_alone(portal, page):
    sign_in(portal, page, "partner.contact")
    follow(page, "Your expressions")
    follow(page, "Host an IMPACT project in 2023")
    follow(page, "Topic and kind of project")
    finish_section(page)
    follow(page, "People and co-production")
    write(page, re.compile("^How would people who draw on care"), "Our members decide.")
    choose(page, "Unpaid carers")
    choose(page, "Yes", within=page.get_by_role("group", name="Would you like help"))
    finish_section(page)
    follow(page, "What you can give and what you need")
    write(page, "How many days a month", "2")
    choose(page, "No", within=page.get_by_role("group", name="Is your service under real strain"))
    finish_section(page)
    follow(page, "Learning and sharing")
    write(page, "What would be different", "A break that can be planned.")
    write(page, "How would you share", "In the local paper.")
    finish_section(page)
    follow(page, "Check your answers and send in")
    press(page, "Go on to the declaration")
    write(page, "Your full name", "Ann Volunteer")
    for promise in ("I may send this in", "As far as I know", "If we are chosen"):
        press_until(page, page.get_by_label(promise))
        page.keyboard.press("Space")
    press(page, "Send in")
    reference = page.locator(".govuk-panel__body strong").inner_text()
    assert Expression.objects.get(reference=reference).declared_by == "Ann Volunteer"


def test_a_coordinator_logs_and_sends_a_return_by_keyboard_alone(portal, page):
    sign_in(portal, page, "network.coordinator")
    follow(page, "Networks")
    follow(page, "Log the meeting of Tuesday 26 July 2022")
    follow(page, "Who came")
    press_until(page, page.get_by_label("Everybody I have not marked came"))
    page.keyboard.press("Space")
    press(page, "Save and go on")
    write(page, "What did people share?", "People want to choose who supports them.")
    write(page, "Themes (optional)", "Choosing who supports me")
    press(page, "Save and go on")
    write(page, "What could be done?", "Put the rota on the wall with photographs")
    press(page, "Go on to people’s own words")
    press(page, "Go on to actions")
    write(page, "What is to be done?", "Try the rota in one house")
    press(page, "Add this action")
    press(page, "Go on to check and send")
    press(page, "Send to the networks team")
    log = MeetingLog.objects.get(meeting__group__nation="wales", meeting__number=1)
    assert log.state == LogState.SUBMITTED
    assert [one.text for one in log.suggestions.all()] == [
        "Put the rota on the wall with photographs"
    ]
