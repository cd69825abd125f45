"""Path: a coordinator and a member of staff look at their work, their dates and their feed; staff
search with a typing error and read who changed what."""

import urllib.error
import urllib.request

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from meetings.models import Meeting
from projects.models import Project
from tests.support.keyboard import enter, follow, press, press_until

pytestmark = pytest.mark.journey


def fetched(address):
    """The file at ``address``, as a calendar program without a sign-in gets it."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return Calendar.from_ical(answer.read())


def test_coordinator_finds_their_dates_and_subscribes_by_keyboard(portal, page, look):
    portal.sign_in(page, "network.coordinator")
    page.goto(portal.url("/my-work/"))
    look(page, "my-work-coordinator")
    follow(page, "See all your dates in the calendar")
    look(page, "calendar-list")
    follow(page, "Show a month as a table")
    look(page, "calendar-month")
    follow(page, "Show the next three months as a list")
    follow(page, "See these dates in your own calendar")
    look(page, "calendar-link")
    press(page, "Make my link")
    look(page, "calendar-link-made")
    shown = page.get_by_label("Your private calendar link").input_value()
    address = portal.url("/calendar-feed/" + shown.rsplit("/", 1)[1])
    own = Meeting.objects.filter(group__local_network__isnull=False)
    uids = {str(event["uid"]).split("@")[0] for event in fetched(address).walk("VEVENT")}
    assert uids & {f"meeting-{meeting.pk}" for meeting in own} or not uids
    follow(page, "Stop the link, or make a new one")
    press(page, "Stop the link")
    expect(page.get_by_text("Your calendar link has stopped.")).to_be_visible()
    look(page, "calendar-link-stopped")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetched(address)


def test_staff_search_with_a_typing_error_and_read_a_history(portal, page, look):
    project = Project.objects.earliest("pk")
    word = max(project.title.split(), key=len)
    typed = word[:-3] + word[-2] + word[-3] + word[-1]
    portal.sign_in(page, "programme.manager")
    page.goto(portal.url("/my-work/"))
    look(page, "my-work-staff")
    press_until(page, page.locator("#header-search"))
    page.keyboard.type(typed)
    enter(page)
    expect(page.get_by_role("link", name=project.title).first).to_be_visible()
    look(page, "search")
    page.goto(portal.url("/search/"))
    look(page, "search-empty")
    page.goto(portal.url("/search/projects/?q=e"))
    look(page, "search-kind")
    page.goto(portal.url(f"/meetings/{Meeting.objects.earliest('pk').pk}/"))
    follow(page, "Who saw and changed what")
    look(page, "history")
