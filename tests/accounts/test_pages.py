"""A person's own pages, invitations, and the second factor of staff."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.enums import RoleKind
from accounts.models import User
from tests.accounts.factories import UserFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(client, somebody):
    client.force_login(somebody)
    return client


@pytest.mark.parametrize("name", ["account", "details", "access-needs", "my-data"])
def test_own_pages_open_for_their_person_and_send_strangers_to_sign_in(own, name):
    assert own.get(reverse(f"accounts:{name}")).status_code == 200
    own.logout()
    assert own.get(reverse(f"accounts:{name}")).status_code == 302


def test_details_are_saved(own, somebody):
    data = {"preferred_name": "Siân", "language": "cy", "preferred_formats": ["welsh", "audio"]}
    assert own.post(reverse("accounts:details"), data).status_code == 302
    somebody.refresh_from_db()
    assert (somebody.preferred_name, somebody.language, somebody.preferred_formats) == (
        "Siân",
        "cy",
        ["welsh", "audio"],
    )


def test_bad_details_keep_what_was_typed_and_say_what_is_wrong(own):
    data = {"preferred_name": "", "language": "cy", "preferred_formats": ["braille"]}
    page = own.post(reverse("accounts:details"), data).content.decode()
    assert "<title>Error: About you" in " ".join(page.split()).replace("<title> ", "<title>")
    assert 'href="#id_preferred_name"' in page


def test_posting_columns_that_the_form_does_not_have_changes_nothing(own, somebody):
    data = {
        "preferred_name": "Siân",
        "language": "cy",
        "preferred_formats": ["welsh"],
        "is_superuser": "on",
        "email": "other@example.org",
        "is_active": "",
    }
    own.post(reverse("accounts:details"), data)
    after = User.objects.get(pk=somebody.pk)
    assert (after.is_superuser, after.is_active, after.email) == (False, True, somebody.email)


def test_access_needs_are_saved_and_shown(own):
    data = {"needs": "A hearing loop", "payment": "expenses_only"}
    page = own.post(reverse("accounts:access-needs"), data, follow=True).content.decode()
    assert "A hearing loop" in page
    assert "Pay my expenses only" in page


def test_my_data_is_a_file_with_what_we_hold(own, somebody):
    response = own.get(reverse("accounts:my-data"))
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert json.loads(response.content)["account"]["email"] == somebody.email


@pytest.fixture
def address(manager):
    _row, token = services.make_invitation(
        email="new@example.org",
        kind=RoleKind.PROGRAMME_STAFF,
        scope=None,
        by=manager,
        now=timezone.now(),
    )
    return reverse("accounts:invitation", args=[token])


def test_invitation_shown_by_get_is_not_used(client, address):
    for _ in range(2):
        assert client.get(address).status_code == 200
    assert User.objects.filter(email="new@example.org").exists() is False


def test_invitation_accepted_by_post_signs_the_newcomer_in(client, address):
    response = client.post(address, {"preferred_name": "Nia"})
    assert (response.status_code, response.url) == (302, "/")
    assert get_user(client).email == "new@example.org"
    assert client.get(address).status_code == 410


def test_invitation_of_an_account_holder_leads_through_sign_in(client, address):
    UserFactory(email="new@example.org")
    assert client.post(address).url == f"/account/login/?next={address}"


def test_unknown_invitation_is_refused_in_plain_words(client, db):
    response = client.get(reverse("accounts:invitation", args=["guess"]))
    assert response.status_code == 410
    assert "We do not know this invitation" in response.content.decode()


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True

    def test_staff_without_one_are_led_to_set_it_up(self, staff_client):
        response = staff_client.get(reverse("home"))
        assert (response.status_code, response.url) == (302, reverse("mfa_index"))

    def test_staff_with_one_go_on(self, staff_client, staff):
        Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
        assert staff_client.get(reverse("home")).status_code == 200

    def test_recovery_codes_alone_are_no_second_factor(self, staff_client, staff):
        kind = Authenticator.Type.RECOVERY_CODES
        Authenticator.objects.create(user=staff, type=kind, data={})
        assert staff_client.get(reverse("home")).status_code == 302

    def test_everybody_else_needs_none(self, own):
        assert own.get(reverse("home")).status_code == 200

    @pytest.mark.parametrize("kind", [RoleKind.ENGAGEMENT_LEAD, RoleKind.NETWORKS_MANAGER])
    def test_every_kind_of_staff_needs_one(self, client, kind):
        client.force_login(person_with(kind))
        assert client.get(reverse("home")).status_code == 302
