"""Path: a meeting reminder falls due, goes out through a real worker, and goes out once."""

import time

import pytest
from django.utils import timezone

from meetings.models import Meeting
from notifications.models import Message

pytestmark = pytest.mark.journey

MEMBER, COORDINATOR = "network.member@example.org", "network.coordinator@example.org"
KIND = "meetings.meeting_coming"


def reminders_to(portal, address):
    return [mail for mail in portal.mail.to(address) if "Coming up" in mail["Subject"]]


def wait_for_queued(portal, count):
    """Sweep until the outbox holds ``count`` reminders of meetings."""
    until = time.monotonic() + 20
    while Message.objects.filter(kind=KIND).count() < count:
        assert time.monotonic() < until, "the reminders were not queued"
        portal.sweep()
        time.sleep(1)


def change_days(portal, page, days):
    """Say as the coordinator how many days ahead people are reminded."""
    page.goto(portal.url("/networks/"))
    page.get_by_role("link", name="Change when we remind people").click()
    page.get_by_label("How many days before a meeting shall we remind people?").fill(str(days))
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_meeting_that_comes_up_is_reminded_of_once(portal, phone, look):
    meeting = Meeting.objects.get(group__nation="wales", group__kind="local_network", number=5)
    assert meeting.starts_at > timezone.now()
    portal.sweep()
    portal.sign_in(phone, "network.coordinator")
    phone.goto(portal.url("/networks/"))
    phone.get_by_role("link", name="Change when we remind people").click()
    look(phone, "reminder-days")
    change_days(portal, phone, 14)
    wait_for_queued(portal, 2)
    letter = portal.mail.wait_for(MEMBER, "Coming up", seconds=30)
    assert "Village hall" in letter.get_body(("plain",)).get_content()
    portal.mail.wait_for(COORDINATOR, "Coming up", seconds=30)
    for _sweep in range(3):
        portal.sweep()
    time.sleep(3)
    assert len(reminders_to(portal, MEMBER)) == 1
    assert len(reminders_to(portal, COORDINATOR)) == 1
    assert Message.objects.filter(kind=KIND).count() == 2
