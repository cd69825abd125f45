"""Staff plan the mix: a plan and its price, one that cannot be, two compared, one chosen by
keyboard; then the gap board and whom to get in touch with."""

import re

import pytest
from playwright.sync_api import expect

from expressions.models import Call, Plan
from expressions.selectors.planning import proposed_plan

pytestmark = pytest.mark.journey


def press(page, target):
    """Use a link or a button by keyboard alone."""
    target.focus()
    page.keyboard.press("Enter")


def make_by_keyboard(page, name, nation, least):
    page.get_by_role("button", name="Make a plan").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name of the plan").focus()
    page.keyboard.type(name)
    box = page.get_by_label(f"{nation}, at least", exact=True)
    box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(least)
    press(page, page.get_by_role("button", name="Work out the plan"))


def test_staff_plan_the_mix_and_choose_by_keyboard(portal, page, look):
    call = Call.objects.get(state="assessing")
    plans = portal.url(f"/staff/calls/{call.pk}/plans/")
    portal.sign_in(page, "programme.manager")
    page.goto(portal.url(f"/staff/calls/{call.slug}/"))
    page.get_by_role("link", name="Plans of the mix").click()
    look(page, "plans")
    press(page, page.get_by_role("link", name="The mix that we want"))
    expect(page.get_by_role("heading", name="What the lines cost")).to_be_visible()
    look(page, "plan")

    page.goto(plans)
    make_by_keyboard(page, "Far too many Demonstrators", "Demonstrator", "40")
    expect(page.get_by_text("No choice keeps all lines of this plan.")).to_be_visible()
    expect(
        page.get_by_text(re.compile("^Change “Delivery model: Demonstrator, at least 40” to"))
    ).to_be_visible()
    look(page, "plan-conflict")
    press(page, page.get_by_role("link", name="Change the plan"))
    look(page, "plan-form")

    page.goto(plans)
    for name in ("Compare Highest scores alone", "Compare The mix that we want"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Compare those that are ticked"))
    look(page, "plans-compare")

    plan = Plan.objects.get(call=call, name="The mix that we want")
    page.goto(f"{plans}{plan.pk}/named/?find=a")
    look(page, "plan-named")
    page.goto(f"{plans}{plan.pk}/")
    press(page, page.get_by_role("button", name="Choose as the proposal"))
    look(page, "plan-choose")
    page.get_by_label("Why this plan?").focus()
    page.keyboard.type("It has all four nations.")
    press(page, page.get_by_role("button", name="Choose this plan"))
    expect(page.get_by_text("This plan is the proposal now.")).to_be_visible()
    assert proposed_plan(call) == plan


def test_staff_see_the_gaps_and_whom_to_get_in_touch_with(portal, page, look):
    call = Call.objects.filter(state="open").first()
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url(f"/staff/calls/{call.pk}/gaps/"))
    look(page, "gaps")
    press(page, page.get_by_role("link", name="All organisations that have not begun"))
    look(page, "gaps-outreach")
    press(page, page.get_by_role("link", name=re.compile("^Log outreach")).first)
    expect(page).to_have_url(re.compile("/outreach/add/$"))
