"""Staff cannot go on without a second step, set one up by themselves, and need it next time."""

import base64
import hashlib
import hmac
import struct
import time

import pytest

pytestmark = pytest.mark.journey


def shown_by_the_app(secret: str) -> str:
    """The six digits that an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_staff_set_up_a_second_step_and_need_it_next_time(portal, page, look, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url("/"))
    assert page.url == portal.url("/account/2fa/")
    look(page, "second-step")

    page.get_by_role("link", name="Set up an authenticator app").click()
    look(page, "second-step-app")
    page.get_by_label("code").first.fill(
        shown_by_the_app(page.locator(".impact-code").inner_text())
    )
    page.get_by_role("button", name="Turn on").click()
    look(page, "second-step-codes")
    page.goto(portal.url("/"))
    assert page.get_by_role("heading", level=1).inner_text() == "Hello Programme staff"

    page.context.clear_cookies()
    portal.sign_in(page, "programme.staff")
    assert page.get_by_role("heading", level=1).inner_text() == "Second step"
    look(page, "second-step-asked")
    page.goto(portal.url("/you/"))
    assert page.get_by_role("heading", level=1).inner_text() == "Second step", "no way round it"
