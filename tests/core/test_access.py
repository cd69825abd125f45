"""Who gets in: strangers sign in first, the wrong people get 403, hidden objects are not found."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_stranger_is_sent_to_sign_in_and_comes_back(client):
    response = client.get(reverse("core:gallery"))
    assert (response.status_code, response.url) == (302, "/account/login/?next=/staff/components/")


def test_person_without_the_permission_gets_403(client, somebody):
    client.force_login(somebody)
    assert client.get(reverse("core:gallery")).status_code == 403


def test_person_with_the_permission_gets_in(staff_client):
    assert staff_client.get(reverse("core:gallery")).status_code == 200


def test_health_answers_without_signing_in(client):
    assert client.get(reverse("health")).json() == {"status": "alive"}
    assert client.get(reverse("health-ready")).json() == {"database": True, "broker": True}


@pytest.mark.parametrize("name", ["accessibility", "privacy", "complaints", "cookies"])
def test_plain_pages_open_for_everybody_in_both_languages(client, name):
    for language in ["en-gb", "cy"]:
        response = client.get(reverse(f"pages:{name}"), headers={"accept-language": language})
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()
