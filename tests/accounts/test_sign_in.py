"""Sign-in: by password and by code, alike for known and unknown, limited behind a proxy."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    user = UserFactory(email="known@example.org")
    user.set_password("a-good-life-2022")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client, password, **extra):
    data = {"login": "known@example.org", "password": password}
    return client.post(reverse("account_login"), data, **extra)


def test_person_signs_in_by_password(client, person):
    assert sign_in(client, "a-good-life-2022").status_code == 302
    assert get_user(client) == person


def test_wrong_password_is_said_beside_the_box_and_in_the_summary(client, person):
    page = sign_in(client, "not-a-good-life")
    assert list(page.context["form"].errors) == ["password"]
    text = page.content.decode()
    assert 'href="#id_password"' in text
    assert 'id="id_password_error"' in text
    assert "known@example.org" in text


def test_person_signs_in_by_code_sent_by_mail(client, person):
    client.post(reverse("account_request_login_code"), {"email": "known@example.org"})
    code = re.search(r"^([A-Z0-9]{2,}[A-Z0-9-]*[A-Z0-9])$", mail.outbox[0].body, re.M).group(1)
    page = client.get(reverse("account_confirm_login_code")).content.decode()
    assert f'href="{reverse("account_request_login_code")}">Send me a new code' in page
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert get_user(client) == person


@pytest.mark.parametrize(
    ("name", "field"),
    [("account_request_login_code", "email"), ("account_reset_password", "email")],
)
def test_known_and_unknown_addresses_get_the_same_answer(client, person, name, field):
    answers = []
    for address in ["known@example.org", "unknown@example.org"]:
        response = client.post(reverse(name), {field: address})
        answers.append((response.status_code, response.url))
        client.logout()
    assert answers[0] == answers[1]


def test_sign_up_with_a_known_address_answers_as_with_a_new_one(client, person):
    answers = []
    for address in ["known@example.org", "new@example.org"]:
        data = {"preferred_name": "Nia", "email": address, "password1": "a-good-life-2022"}
        response = client.post(reverse("account_signup"), data)
        answers.append((response.status_code, response.url))
        client.logout()
    assert answers[0] == answers[1]


def test_signing_up_first_with_anothers_address_does_not_open_their_account(client):
    data = {"preferred_name": "Eve", "email": "victim@example.org", "password1": "a-good-life-2022"}
    client.post(reverse("account_signup"), data)
    victim = Client()
    victim.post(reverse("account_request_login_code"), {"email": "victim@example.org"})
    code = re.search(r"^([A-Z0-9]{2,}[A-Z0-9-]*[A-Z0-9])$", mail.outbox[-1].body, re.M).group(1)
    victim.post(reverse("account_confirm_login_code"), {"code": code})
    assert get_user(victim).email == "victim@example.org"
    eve = Client()
    eve.post(
        reverse("account_login"), {"login": "victim@example.org", "password": "a-good-life-2022"}
    )
    assert get_user(eve).is_anonymous


def test_password_chosen_while_signing_up_stays_when_the_address_is_proved_there(client):
    data = {"preferred_name": "Nia", "email": "new@example.org", "password1": "a-good-life-2022"}
    client.post(reverse("account_signup"), data)
    code = re.search(r"^([A-Z0-9]{2,}[A-Z0-9-]*[A-Z0-9])$", mail.outbox[-1].body, re.M).group(1)
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert get_user(client).check_password("a-good-life-2022")


@pytest.mark.django_db(transaction=True)
def test_sign_up_clicked_twice_makes_one_account_and_no_fault():
    data = {"preferred_name": "Nia", "email": "new@example.org", "password1": "a-good-life-2022"}

    def click(_number):
        try:
            return Client().post(reverse("account_signup"), data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        assert list(clicks.map(click, range(4))) == [302] * 4
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize(
    ("name", "data", "subject"),
    [
        (
            "account_signup",
            {"preferred_name": "Nia", "email": "new@example.org", "password1": "a-good-life-2022"},
            "Your code for the IMPACT portal",
        ),
        (
            "account_signup",
            {"preferred_name": "Al", "email": "known@example.org", "password1": "a-good-life-2022"},
            "You have an account on the IMPACT portal",
        ),
        (
            "account_request_login_code",
            {"email": "known@example.org"},
            "Your code to sign in to the IMPACT portal",
        ),
        (
            "account_reset_password",
            {"email": "known@example.org"},
            "Choose a new password for the IMPACT portal",
        ),
        (
            "account_reset_password",
            {"email": "unknown@example.org"},
            "You have no account on the IMPACT portal yet",
        ),
    ],
)
def test_mails_about_accounts_name_the_portal_in_plain_words(client, person, name, data, subject):
    client.post(reverse(name), data)
    (sent,) = mail.outbox
    assert sent.subject == subject
    assert "Hello,\n\nSomebody, most likely you" in sent.body or "Here is your code" in sent.body
    assert sent.body.rstrip().endswith("IMPACT portal")
    assert "testserver!" not in sent.body


def test_signing_in_says_nothing_that_the_page_does_not_need(client, person):
    data = {"login": "known@example.org", "password": "a-good-life-2022"}
    page = client.post(reverse("account_login"), data, follow=True)
    assert list(page.context["messages"]) == []


def test_next_to_another_site_is_not_followed(client, person):
    address = f"{reverse('account_login')}?next=https://evil.example"
    data = {"login": "known@example.org", "password": "a-good-life-2022"}
    assert client.post(address, data).url == "/"


class TestLimits:
    @pytest.fixture(autouse=True)
    def _limited(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/ip"}
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def attempts(self, client, person, forwarded):
        last = None
        for address in forwarded:
            last = sign_in(client, "wrong", headers={"x-forwarded-for": address})
        return last

    def test_one_address_is_stopped_after_too_many_attempts(self, client, person):
        self.attempts(client, person, ["203.0.113.5"] * 4)
        blocked = sign_in(client, "a-good-life-2022", headers={"x-forwarded-for": "203.0.113.5"})
        assert get_user(client).is_authenticated is False
        assert blocked.status_code in {200, 429}

    def test_address_that_a_visitor_makes_up_does_not_help_them(self, client, person):
        made_up = [f"198.51.100.{number}, 203.0.113.5" for number in range(4)]
        self.attempts(client, person, made_up)
        sign_in(
            client, "a-good-life-2022", headers={"x-forwarded-for": "198.51.100.9, 203.0.113.5"}
        )
        assert get_user(client).is_authenticated is False

    def test_another_address_behind_the_same_proxy_is_not_stopped(self, client, person):
        self.attempts(client, person, ["203.0.113.5"] * 4)
        sign_in(client, "a-good-life-2022", headers={"x-forwarded-for": "203.0.113.6"})
        assert get_user(client) == person
