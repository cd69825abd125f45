"""What was typed into a form that could not be saved is shown once more."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

TYPED = {"title": "Ours", "summary": "We met <b>twice</b>.", "password": "not a word", "year": "26"}


def test_form_sent_after_the_sign_in_ended_shows_what_was_typed_and_the_way_back(client):
    address = reverse("projects:add")
    answer = client.post(address, TYPED)
    assert (answer.status_code, answer.context["texts"]) == (401, ["We met <b>twice</b>."])
    html = answer.content.decode()
    assert "We met &lt;b&gt;twice&lt;/b&gt;." in html
    assert f"/account/login/?next={address}" in html
    assert answer["Cache-Control"] == "private, no-store"


def test_form_without_running_text_goes_on_to_the_sign_in(client):
    answer = client.post(reverse("projects:add"), {"year": "26"})
    assert (answer.status_code, answer.url) == (
        302,
        f"/account/login/?next={reverse('projects:add')}",
    )


def test_form_with_an_old_token_shows_what_was_typed(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    answer = client.post(reverse("projects:add"), TYPED)
    assert (answer.status_code, answer.context["texts"]) == (403, ["We met <b>twice</b>."])
    assert "not a word" not in answer.content.decode()
