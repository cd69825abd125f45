"""Home pages: what waits for whom, in how many queries."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from core.todo import Todo
from impact_portal import home


@pytest.mark.django_db
def test_visitor_finds_what_they_can_do_without_an_account(client):
    page = client.get(reverse("home"))
    assert [door.url for door in page.context["doors"]] == [
        door.url for door in home.public_doors()
    ]


def test_late_things_come_first_then_undated_ones_then_what_is_due(monkeypatch, somebody, now):
    class Room:
        @staticmethod
        def todo_for(user, now):
            return [
                Todo("undated", "/"),
                Todo("later", "/", due=now + timedelta(days=2)),
                Todo("today", "/", due=now.date()),
                Todo("late", "/", due=date(2022, 7, 1), is_late=True),
            ]

    monkeypatch.setattr(home, "ROOMS", [Room])
    assert isinstance(now, datetime)
    assert [todo.text for todo in home.todos(somebody, now)] == [
        "late",
        "undated",
        "today",
        "later",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("demonstration", "shown"), [(True, True), (False, False)])
def test_demonstration_without_a_second_step_says_so_on_every_page(
    client, settings, demonstration, shown
):
    settings.DEMONSTRATION = demonstration
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    for address in [reverse("home"), reverse("account_login"), reverse("pages:privacy")]:
        assert ("impact-banner" in client.get(address).content.decode()) is shown
