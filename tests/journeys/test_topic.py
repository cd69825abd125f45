"""A topic on its way: suggested, weighed, short of evidence, helped by a partner, taken in."""

import re

import pytest
from playwright.sync_api import expect

from projects.models import GapAsk, GapReply, Topic

pytestmark = pytest.mark.journey

TITLE = "Friendship and loneliness"
CRITERIA = [
    "Makes a real difference",
    "Tackles inequalities",
    "Makes good use of scarce resources",
    "Enough evidence to work with",
]


def suggest(page, look):
    page.get_by_role("link", name="Topics", exact=True).first.click()
    look(page, "topics")
    page.get_by_role("button", name="Suggest a topic").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Description").fill("What helps people find and keep friends?")
    look(page, "topic-suggest")
    page.get_by_role("button", name="Suggest the topic").click()
    page.get_by_role("link", name="Add who raised it").click()
    page.get_by_label("An assembly").check()
    page.get_by_label("In a few words").fill("Assembly in Wales")
    look(page, "topic-origin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="An assembly: Assembly")).to_be_visible()


def move_on(page, step, reason):
    page.get_by_role("button", name="Move it on").click()
    page.get_by_label(step).check()
    page.get_by_label("Why?").fill(reason)
    page.get_by_role("button", name="Move it on").click()


def score_all(page, look):
    for number, criterion in enumerate(CRITERIA):
        page.get_by_role("link", name=re.compile(f"(Score|Change) {criterion}")).click()
        page.get_by_label("Mostly" if number < 3 else "A little").check()
        page.get_by_label("Why?").fill(f"What we agreed on {criterion}.")
        if number == 3:
            look(page, "topic-score")
        page.get_by_role("button", name="Save the score").click()
    expect(page.get_by_role("heading", name="4 of 4 criteria scored")).to_be_visible()


def ask_for_evidence(page, look):
    page.get_by_role("button", name="Not enough evidence").click()
    page.get_by_label("What is missing?").fill("What people who live alone have tried.")
    page.get_by_label("Lived experience").check()
    look(page, "gap-open")
    page.get_by_role("button", name="Open the gap and send the messages").click()
    expect(page.get_by_role("alert").first).to_contain_text("Whom do we ask")
    page.get_by_role("group", name="Whom do we ask?").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Open the gap and send the messages").click()
    expect(page.get_by_text("0 of 1 organisation has replied")).to_be_visible()
    look(page, "topic-waiting")


def reply_without_account(portal, new_person, look):
    asked = GapAsk.objects.select_related("person").latest("pk").person
    mail = portal.mail.wait_for(asked.email, TITLE)
    text = mail.get_body(["plain"]).get_content()
    link = re.search(r"https?://[^\s>]+/topics/evidence/[^\s>]+", text)[0]
    partner = new_person(width=360)
    partner.goto(link)
    look(partner, "gap-reply")
    partner.get_by_role("button", name="Send the reply").press("Enter")
    expect(partner.get_by_role("alert").first).to_contain_text("There is a problem")
    partner.get_by_label("What do you know about this?").fill("We meet for tea on Fridays.")
    partner.get_by_label("Web addresses").fill("https://example.org/tea")
    partner.get_by_role("button", name="Send the reply").press("Enter")
    expect(partner.get_by_text("We have your reply")).to_be_visible()
    return partner, link


def close(page, look):
    page.reload()
    expect(page.get_by_text("We meet for tea on Fridays.")).to_be_visible()
    page.get_by_role("button", name="Close the gap").click()
    page.get_by_label("Filled", exact=True).check()
    page.get_by_label("What did we learn?").fill("Meeting often matters more than where.")
    look(page, "gap-close")
    page.get_by_role("button", name="Close the gap").click()
    expect(page.get_by_role("alert")).to_contain_text("under assessment again")


def test_topic_goes_from_a_suggestion_over_a_gap_into_the_programme(portal, page, new_person, look):
    portal.sign_in(page, "programme.staff")
    suggest(page, look)
    move_on(page, "Begin the assessment", "It came up three times.")
    score_all(page, look)
    ask_for_evidence(page, look)
    partner, link = reply_without_account(portal, new_person, look)
    close(page, look)
    move_on(page, "Take it into the programme", "There is enough now.")
    expect(page.get_by_role("alert")).to_contain_text("The topic is now “In the programme”.")
    look(page, "topic-taken-in")
    page.get_by_role("link", name="The whole history").click()
    look(page, "topic-history")

    partner.goto(link)
    look(partner, "gap-reply-refused")
    expect(partner.get_by_text("We have closed this question")).to_be_visible()
    topic = Topic.objects.get(title=TITLE)
    partner.goto(portal.url(topic.thread_url))
    look(partner, "topic-thread")
    expect(partner.get_by_text("Assembly in Wales")).to_be_visible()
    expect(partner.get_by_text("Mostly (3 of 4)").first).to_be_visible()
    expect(partner.get_by_text("What we agreed on")).to_have_count(0)
    assert GapReply.objects.get(ask__gap__topic=topic).links == ["https://example.org/tea"]


def test_thread_of_a_topic_of_2023_leads_to_its_call_and_projects(portal, page, look):
    portal.sign_in(page, "programme.staff")
    topic = Topic.objects.get(slug="carers-health")
    page.goto(portal.url(topic.thread_url))
    look(page, "topic-thread-staff")
    expect(page.get_by_role("link", name="Time off that carers can count on")).to_be_visible()
    example = Topic.objects.get(is_example=True)
    page.goto(portal.url(example.get_absolute_url()))
    look(page, "topic-example")
