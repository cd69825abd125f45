"""Path: a coordinator logs the July meeting on a phone; the return is asked about and accepted."""

import re

import pytest

from meetings.enums import LogState
from meetings.models import MeetingLog

pytestmark = pytest.mark.journey

QUESTION = "How did the person who could not come hear of it?"
ANSWER = "Their supporter was there and told them the same evening."


def link_in(message):
    """The portal's address in the plain text of ``message``."""
    text = message.get_body(("plain",)).get_content()
    return re.search(r"https?://\S+", text)[0]


def button(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def link(page, name):
    page.get_by_role("link", name=name).first.click()


def on_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 740})


def say_who_came(page, look):
    link(page, "Who came")
    look(page, "return-2-who-came")
    first = page.get_by_role("group", name="Network member (Wales)")
    first.get_by_label("Sent apologies").check()
    page.get_by_label("Everybody I have not marked came").check()
    page.get_by_label("Carers").fill("1")
    button(page, "Save and go on")


def say_what_was_shared(page, look):
    look(page, "return-3-shared")
    page.get_by_label("What did people share?").fill(
        "People want to choose who supports them, and to be asked before the rota is made."
    )
    page.get_by_label("Themes (optional)").fill("Choosing who supports me\nRotas")
    page.get_by_label("What helped people take part? (optional)").fill("A break each hour")
    button(page, "Save and go on")


def add_suggestion_quote_and_action(page, look):
    look(page, "return-4-suggestions")
    page.get_by_label("What could be done?").fill("Put the rota on the wall with photographs")
    button(page, "Go on to people’s own words")
    page.get_by_label("What did they say, in their own words?").fill("It is my front door")
    button(page, "Add this quote")
    assert "tick the box to go on" in page.get_by_role("alert").inner_text()
    look(page, "return-5-quote-without-consent")
    page.get_by_label("They agreed that we may quote them").check()
    button(page, "Add this quote")
    button(page, "Go on to actions")
    page.get_by_label("What is to be done?").fill("Try the rota in one house")
    page.get_by_label("Who will do it?").select_option("Network member (Wales)")
    button(page, "Add this action")
    look(page, "return-6-actions")
    button(page, "Go on to check and send")


def test_a_july_meeting_is_logged_asked_about_answered_and_accepted(
    portal, phone, new_person, look
):
    on_a_phone(phone)
    portal.sign_in(phone, "network.coordinator")
    button(phone, "Menu")
    link(phone, "Networks")
    look(phone, "return-0-local-network")
    link(phone, "Log the meeting of Tuesday 26 July 2022")
    look(phone, "return-1-steps")
    say_who_came(phone, look)
    say_what_was_shared(phone, look)
    add_suggestion_quote_and_action(phone, look)
    look(phone, "return-7-check")
    assert "8 of 9 members came." in phone.get_by_role("main").inner_text()
    button(phone, "Send to the networks team")
    assert "Your log is sent. Thank you." in phone.get_by_role("main").inner_text()
    look(phone, "return-8-sent")

    manager = new_person()
    portal.sign_in(manager, "networks.manager")
    letter = portal.mail.wait_for("networks.manager@example.org", "A return to read")
    manager.goto(link_in(letter))
    look(manager, "return-9-to-read")
    manager.get_by_label("What do you want to know?").fill(QUESTION)
    button(manager, "Return with this question")
    look(manager, "return-10-list")

    letter = portal.mail.wait_for("network.coordinator@example.org", "A question about your return")
    assert QUESTION in letter.get_body(("plain",)).get_content()
    phone.goto(link_in(letter))
    link(phone, "Answer and send again")
    look(phone, "return-11-answer")
    phone.get_by_label("Your answer").fill(ANSWER)
    button(phone, "Answer and send again")
    assert "Your answer is sent. Thank you." in phone.get_by_role("main").inner_text()

    manager.goto(portal.url("/staff/networks/returns/"))
    link(manager, "Choice and control: Wales")
    assert ANSWER in manager.get_by_role("main").inner_text()
    button(manager, "Accept this return")
    portal.mail.wait_for("network.coordinator@example.org", "your return is accepted")
    log = MeetingLog.objects.get(meeting__group__nation="wales", meeting__number=1)
    assert log.state == LogState.ACCEPTED
    assert [row.text for row in log.talk.all()] == [QUESTION, ANSWER]
    assert [theme.text for theme in log.themes.all()] == ["Choosing who supports me", "Rotas"]


def test_two_coordinators_at_once_see_both_texts_and_lose_none(portal, phone, new_person, look):
    second = new_person()
    portal.sign_in(phone, "network.coordinator")
    portal.sign_in(second, "networks.lead")
    for page in (phone, second):
        page.goto(portal.url("/networks/"))
    link(second, "Wales")
    for page in (phone, second):
        link(page, "Log the meeting of Tuesday 26 July 2022")
        link(page, "What was shared, and themes")
    phone.get_by_label("What did people share?").fill("What the coordinator heard")
    second.get_by_label("What did people share?").fill("What the lead heard")
    button(phone, "Save and go on")
    button(second, "Save and go on")
    main = second.get_by_role("main")
    assert "What the coordinator heard" in main.inner_text()
    assert second.get_by_label("What did people share?").input_value() == "What the lead heard"
    look(second, "return-two-at-once")
    second.get_by_label("What did people share?").fill(
        "What the coordinator heard. What the lead heard."
    )
    button(second, "Save and go on")
    second.wait_for_url("**/suggestions/")
    log = MeetingLog.objects.get(meeting__group__nation="wales", meeting__number=1)
    assert log.shared == "What the coordinator heard. What the lead heard."
