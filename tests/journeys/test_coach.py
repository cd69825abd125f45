"""An improvement coach, on a phone, records that a general practice has begun to take part."""

import re

import pytest
from django.utils import timezone

from demonstrators.coverage import coverage
from demonstrators.models import Demonstrator, Site

pytestmark = pytest.mark.journey


def share(page) -> str:
    """The first figure of the page, such as "23 of 31"."""
    return page.locator(".impact-stat__value").first.inner_text()


def test_coach_records_a_change_and_the_share_changes(portal, phone, look):
    demonstrator = Demonstrator.objects.get(place="Mid and East Antrim")
    before = coverage(demonstrator, timezone.now())
    practice = demonstrator.sites.filter(state="approached").order_by("since").first()
    portal.sign_in(phone, "improvement.coach")
    phone.goto(portal.url(demonstrator.get_absolute_url()))
    assert share(phone) == f"{before.taking_part} of {before.sites}"
    look(phone, "coach-demonstrator")

    phone.get_by_role("button", name="Record a change").click()
    phone.get_by_label("Name or area").fill(practice.name)
    phone.get_by_role("button", name="Find").click()
    look(phone, "coach-choose")
    phone.get_by_role("link", name=practice.name, exact=True).click()
    look(phone, "coach-record")

    # By keyboard: to the choice, to the reason, and send. Today stands in the date.
    phone.get_by_label("Implementing").focus()
    phone.keyboard.press("Space")
    phone.get_by_label("What led to it?").focus()
    phone.keyboard.type("First older people referred to the hub")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")

    phone.wait_for_url(re.compile(demonstrator.get_absolute_url() + "$"))
    after = f"{before.taking_part + 1} of {before.sites}"
    said = phone.locator(".govuk-notification-banner__heading").inner_text()
    assert f"{practice.name} is “Implementing” since" in said
    assert f"{after} general practices take part." in said
    assert share(phone) == after
    chart = phone.locator("figure.impact-chart").first
    assert after in chart.locator("svg title").first.text_content()
    assert chart.locator("tbody td", has_text=after).count() >= 1
    latest = phone.locator(".impact-timeline__entry").first.inner_text()
    assert "First older people referred to the hub" in latest
    look(phone, "coach-recorded")

    moved = Site.objects.get(pk=practice.pk)
    assert (moved.state, moved.since) == ("implementing", timezone.localdate())


def test_second_coach_sees_that_the_practice_has_moved_and_loses_nothing(
    portal, phone, new_person, look
):
    practice = Site.objects.filter(state="engaged").first()
    other = new_person(width=360)
    for page, key in [(phone, "improvement.coach"), (other, "programme.staff")]:
        portal.sign_in(page, key)
        page.goto(portal.url(practice.record_url))
        page.get_by_label("Implementing").check()
    phone.get_by_label("What led to it?").fill("Words of the first")
    phone.get_by_role("button", name="Save the change").click()
    phone.wait_for_url(lambda url: "/record/" not in url)

    other.get_by_label("What led to it?").fill("Words of the second")
    other.get_by_role("button", name="Save the change").click()
    summary = other.locator(".govuk-error-summary").inner_text()
    assert "Improvement coach recorded “Implementing”" in summary
    assert other.get_by_label("What led to it?").input_value() == "Words of the second"
    look(other, "coach-moved-meanwhile")
    assert practice.moves.filter(target="implementing").count() == 1
