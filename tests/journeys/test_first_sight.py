"""A visitor and a member of staff see the portal for the first time."""

import pytest

pytestmark = pytest.mark.journey


def test_visitor_sees_the_front_door_and_staff_their_home(portal, page, look):
    page.goto(portal.url("/"))
    look(page, "welcome")
    portal.sign_in(page, "programme.staff")
    look(page, "home-staff")
    page.goto(portal.url("/you/"))
    look(page, "account")
