"""Headers on every page, redirects that stay here, made-up hosts and forwarded addresses."""

from urllib.parse import urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.enums import RoleKind
from impact_portal.settings import base
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.factories import ExpressionFactory

pytestmark = pytest.mark.django_db

PASSWORD = "having-a-life-2022"
ELSEWHERE = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test/",
    "/\\evil.test/",
    "\\\\evil.test",
    "/\t/evil.test",
    "javascript:alert(1)",
    "http:evil.test",
    "https://testserver@evil.test/",
]
PAGES = {
    "/": 200,
    "/surveys/": 200,
    "/account/login/": 200,
    "/staff/projects/": 302,
    "/no-such-page/": 404,
    "/you/invitations/x/": 410,
    "/messages/stop/x/": 404,
    "/projects/%00/": 404,
}


def assert_walled(response):
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_its_walls_and_errors_too(client, address):
    response = client.get(address)
    assert response.status_code == PAGES[address]
    assert_walled(response)


def test_refusals_have_their_walls(client, somebody):
    client.force_login(somebody)
    refused = client.get("/staff/projects/")
    unsafe = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a"})
    assert (refused.status_code, unsafe.status_code) == (403, 403)
    assert_walled(refused)
    assert_walled(unsafe)


def test_failure_has_its_walls(settings, monkeypatch):
    def fails(request):
        raise RuntimeError("planted")

    monkeypatch.setattr("impact_portal.views.HomeView.get", lambda self, request: fails(request))
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert b"planted" not in response.content
    assert_walled(response)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x; charset=raw_unicode_escape", "text/plain; charset=utf-16"],
)
def test_request_in_another_character_set_is_refused(client, content_type):
    response = client.generic("POST", "/account/login/", b"--x--", content_type=content_type)
    assert response.status_code == 400


@pytest.mark.parametrize("address", ["/", "/you/", "/you/my-data/", "/organisations/", "/nope/"])
def test_pages_of_signed_in_people_are_kept_by_no_cache(client, somebody, address):
    client.force_login(somebody)
    assert "no-store" in client.get(address)["Cache-Control"]


def test_exports_are_kept_by_no_cache(staff_client):
    response = staff_client.get("/staff/organisations/export/")
    response.getvalue()
    assert "no-store" in response["Cache-Control"]


def test_public_page_of_a_visitor_may_be_cached(client):
    assert "no-store" not in client.get("/projects/").get("Cache-Control", "")


def with_password():
    """Somebody who can sign in."""
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize("there", ELSEWHERE)
def test_next_leads_nowhere_else(client, there):
    person = with_password()
    signed_in = Client()
    signed_in.force_login(person)
    details = {"name": "A new group", "kind": "community", "nation": "wales", "place": "Barry"}
    add = f"/organisations/add/?{urlencode({'next': there})}"
    answers = [
        client.post("/language/", {"language": "cy", "next": there}),
        client.post(
            "/account/login/", {"login": person.email, "password": PASSWORD, "next": there}
        ),
        signed_in.post(add, {**details, "size": "tiny"}),
        signed_in.post("/account/logout/", {"next": there}),
    ]
    for answer in answers:
        to = urlsplit(answer.get("Location", "/"))
        assert (to.scheme, to.netloc, to.path[:2] in {"//", "/\\"}) == ("", "", False)


def test_made_up_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.test"}).status_code == 400
    forwarded = client.get("/account/login/", headers={"x-forwarded-host": "evil.test"})
    assert b"evil.test" not in forwarded.content


def test_session_key_changes_at_sign_in(client):
    person = with_password()
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Client(cookies={"sessionid": before}).session.get("_auth_user_id")


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_forwarded_addresses_do_not_lift_the_rate_limit(settings, proxies):
    """The proxy appends who called it; what a caller puts before that counts for nothing."""
    del settings.ACCOUNT_RATE_LIMITS
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert not hasattr(base, "ACCOUNT_RATE_LIMITS")
    statuses = []
    for number in range(40):
        forwarded = f"10.1.{number}.7" + (", 203.0.113.9" if proxies else "")
        sent = {"login": f"somebody{number}@example.org", "password": "wrong-password"}
        response = Client().post("/account/login/", sent, headers={"x-forwarded-for": forwarded})
        statuses.append(response.status_code)
    assert 429 in statuses


def test_hidden_and_missing_objects_answer_alike(client):
    """From the answer nobody learns whether there is such an organisation or expression."""
    hidden = ExpressionFactory()
    client.force_login(person_with(RoleKind.PARTNER_CONTACT, ExpressionFactory().organisation))
    for address in ["/expressions/{}/", "/organisations/{}/"]:
        pk = hidden.pk if "expressions" in address else hidden.organisation_id
        there, nowhere = client.get(address.format(pk)), client.get(address.format(999_999))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.content.count(b"<") == nowhere.content.count(b"<")
