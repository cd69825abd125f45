"""A person adds a passkey and signs in with it alone, through Chromium's own authenticator."""

import pytest

pytestmark = pytest.mark.journey


def with_authenticator(page) -> None:
    """Give the browser a device that answers for its person, as a phone's fingerprint does."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_person_adds_a_passkey_and_signs_in_with_it_alone(portal, page, look):
    with_authenticator(page)
    # A passkey belongs to a name: browsers make none for a bare number such as 127.0.0.1.
    address = portal.server.url.replace("127.0.0.1", "localhost")
    portal.sign_in(page, "network.coordinator", at=address)
    page.goto(f"{address}/account/2fa/webauthn/add/")
    look(page, "passkey-add")
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto(f"{address}/account/2fa/webauthn/")
    assert page.get_by_text("My phone").first.is_visible()
    look(page, "passkey-list")

    page.context.clear_cookies()
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{address}/")
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading == "Hello Network coordinator (Wales)"
