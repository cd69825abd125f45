"""Staff type in what came by post; answers of last year are carried forward."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from expressions.models import Expression

pytestmark = pytest.mark.journey


def test_staff_enter_a_paper_form_for_a_group_that_is_not_here(portal, page, look):
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url("/staff/expressions/"))
    page.get_by_role("link", name="Enter one for an organisation").click()
    look(page, "enter-find")
    page.get_by_label("Name of the organisation or group").fill("Tenby tea room")
    page.get_by_role("button", name="Find the organisation").click()
    look(page, "enter-found")
    page.get_by_role("link", name="It is not here: add it").click()
    page.get_by_label("Community organisation").check()
    page.get_by_label("Wales").check()
    look(page, "enter-organisation")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Go to the questions").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page, "enter-faults")
    page.get_by_label("On paper").check()
    when = timezone.localtime() - timedelta(hours=3)
    page.get_by_label("Day", exact=True).fill(str(when.day))
    page.get_by_label("Month", exact=True).fill(str(when.month))
    page.get_by_label("Year", exact=True).fill(str(when.year))
    page.get_by_label(re.compile("^Time")).fill(when.strftime("%H:%M"))
    page.get_by_label("Who told us, and where is the original?").fill("Form by post, in the binder")
    page.get_by_role("button", name="Go to the questions").click()
    expect(page.get_by_text("Entered by the IMPACT team")).to_be_visible()
    look(page, "enter-tasks")
    page.get_by_role("link", name="About you").click()
    page.wait_for_load_state("load")
    page.get_by_label("Who are you, and whom do you work with?").fill("A tea room for everybody.")
    expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible(timeout=20_000)
    entered = Expression.objects.get(organisation__name="Tenby tea room")
    page.goto(portal.url(f"/staff/expressions/{entered.pk}/"))
    expect(page.get_by_text("A tea room for everybody.")).to_be_visible()
    look(page, "enter-staff-page")


@pytest.fixture
def draft(portal):
    return Expression.objects.get(
        organisation__contacts__person__email__startswith="partner.", call__state="open"
    )


def test_answers_of_last_year_are_carried_forward_and_checked(portal, page, look, draft):
    earlier = Expression.objects.get(organisation=draft.organisation, call__state="assessing")
    portal.sign_in(page, "partner.contact")
    page.goto(portal.url(f"/expressions/{draft.pk}/"))
    page.get_by_role("link", name="Carry answers forward from an earlier call").click()
    look(page, "carry")
    page.get_by_role("button", name="Carry these forward").click()
    expect(page.get_by_text(re.compile(r"answers? (is|are) carried forward\."))).to_be_visible()
    page.get_by_role("link", name="People and co-production").click()
    expect(page.get_by_text(f"Carried forward from “{earlier.call.title}”.").first).to_be_visible()
    look(page, "carried-section")
