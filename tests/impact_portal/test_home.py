"""Home pages: what waits for whom, in how many queries."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.todo import Todo
from impact_portal import home

KEYS = [
    "programme.manager",
    "programme.staff",
    "engagement.lead",
    "networks.manager",
    "leadership",
    "partner.contact",
    "network.coordinator",
    "network.member",
    "improvement.coach",
    "advisory.member",
    "assembly.member",
]


@pytest.fixture
def programme(db):
    call_command("load_programme", verbosity=0)


@pytest.mark.django_db
def test_visitor_finds_what_they_can_do_without_an_account(client):
    page = client.get(reverse("home"))
    assert [door.url for door in page.context["doors"]] == [
        door.url for door in home.public_doors()
    ]


@pytest.mark.parametrize("key", KEYS)
def test_home_of_each_role_answers_in_at_most_ten_queries(client, programme, key):
    client.force_login(User.objects.get(email=f"{key}@example.org"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("home"))
    assert response.status_code == 200
    # Two more are the session's and the person's own.
    assert len(queries) <= 12, "\n".join(query["sql"][:200] for query in queries)


def test_late_things_come_first_and_undated_ones_last(monkeypatch, somebody, now):
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
        "today",
        "later",
        "undated",
    ]
