"""A visitor and a member of staff see the portal for the first time."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_visitor_sees_the_front_door_and_staff_their_home(portal, page, look):
    page.goto(portal.url("/"))
    look(page, "welcome")
    portal.sign_in(page, "programme.staff")
    expect(page.get_by_text(re.compile(r"[Ss]ince \w+day \d"))).to_be_visible()
    look(page, "home-staff")
    page.goto(portal.url("/changes/"))
    look(page, "changes")
    page.goto(portal.url("/you/"))
    look(page, "account")
