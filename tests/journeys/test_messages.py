"""A programme manager looks after messages and people; a person chooses their reminders."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from notifications.enums import MessageState
from notifications.models import Message

pytestmark = pytest.mark.journey


def left_open(subject: str) -> Message:
    """A message that could not be sent."""
    person = User.objects.get(email="network.member@example.org")
    return Message.objects.create(
        dedupe_key=subject,
        kind="reports.run_ready",
        recipient=person,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        subject=subject,
        body="Hello.\n\nThis is **important**.\n",
        state=MessageState.FAILED,
        attempts=8,
        problem="SMTPRecipientsRefused",
        send_at=timezone.now(),
    )


def test_manager_settles_a_message_that_could_not_be_sent(portal, page, look):
    left_open("Papers for Tuesday")
    left_open("Papers for Wednesday")
    portal.sign_in(page, "programme.manager")
    page.get_by_role("link", name="Messages", exact=True).click()
    look(page, "messages")
    page.get_by_role("link", name="Messages that need a decision").click()
    look(page, "messages-to-settle")
    page.get_by_role("button", name=re.compile("Leave it.*Wednesday")).press("Enter")
    page.get_by_role("button", name=re.compile("Send again.*Tuesday")).press("Enter")
    expect(page.get_by_text("Nothing needs a decision")).to_be_visible()
    mail = portal.mail.wait_for("network.member@example.org", "Papers for Tuesday")
    assert mail["Auto-Submitted"] == "auto-generated"
    page.goto(portal.url("/staff/messages/"))
    page.get_by_role("link", name="Papers for Tuesday").click()
    expect(page.get_by_text("Sent again")).to_be_visible()
    look(page, "message")
    page.goto(portal.url("/staff/messages/coming/"))
    look(page, "messages-coming")


def test_manager_invites_somebody_who_makes_an_account(portal, page, new_person, look):
    portal.sign_in(page, "programme.manager")
    page.get_by_role("link", name="People", exact=True).click()
    look(page, "people")
    page.get_by_role("button", name="Invite somebody").click()
    look(page, "invite-role")
    page.get_by_label("Engagement lead").or_(
        page.get_by_label("Lived experience engagement lead")
    ).first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("E-mail address").fill("newcomer@example.org")
    look(page, "invite")
    page.get_by_role("button", name="Send the invitation").press("Enter")
    expect(page.get_by_role("row", name="newcomer@example.org")).to_be_visible()
    mail = portal.mail.wait_for("newcomer@example.org", "You are invited")
    link = re.search(
        r"https?://[^\s>]+/you/invitations/[^\s>]+", mail.get_body(["plain"]).get_content()
    )[0]
    newcomer = new_person(width=360)
    newcomer.goto(link)
    newcomer.get_by_label("The name you like to be called").fill("Sam")
    newcomer.locator("main").get_by_role("button").click()
    expect(newcomer.get_by_text("Your invitation is accepted")).to_be_visible()


def test_person_chooses_when_reminders_come(portal, page, look):
    portal.sign_in(page, "network.member")
    page.get_by_role("link", name="Your account").first.click()
    page.get_by_role("link", name="Messages and reminders").click()
    look(page, "message-choices")
    page.get_by_label("Together, once a day").press("Space")
    page.get_by_role("button", name="Save your choices").press("Enter")
    expect(page.get_by_text("Your choices about messages are saved.")).to_be_visible()
    expect(page.get_by_label("Together, once a day")).to_be_checked()
