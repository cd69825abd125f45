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

# How many queries a home page may cost, those of session, person and roles included. Ten are
# promised; staff, whose page gathers from every room, cost more (docs/benchmarks.md says why).
QUERIES = {
    "programme.manager": 19,
    "programme.staff": 17,
    "engagement.lead": 14,
    "networks.manager": 15,
    "leadership": 10,
    "partner.contact": 10,
    "network.coordinator": 10,
    "network.member": 10,
    "improvement.coach": 10,
    "advisory.member": 10,
    "assembly.member": 10,
}


@pytest.fixture
def programme(db):
    call_command("load_programme", verbosity=0)


@pytest.mark.django_db
def test_visitor_finds_what_they_can_do_without_an_account(client):
    page = client.get(reverse("home"))
    assert [door.url for door in page.context["doors"]] == [
        door.url for door in home.public_doors()
    ]


@pytest.mark.parametrize(("key", "most"), QUERIES.items())
def test_home_of_each_role_keeps_to_its_number_of_queries(client, programme, key, most):
    client.force_login(User.objects.get(email=f"{key}@example.org"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("home"))
    assert response.status_code == 200
    assert len(queries) <= most, "\n".join(query["sql"][:200] for query in queries)


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


def test_each_figure_leads_to_the_list_that_it_counts(client, programme):
    client.force_login(User.objects.get(email="leadership@example.org"))
    page = client.get(reverse("home"))
    text = page.content.decode()
    # With nothing that waits, the figures are what a director came for: they stand first.
    assert text.index("The programme in figures") < text.index("What needs you")
    for figure in page.context["figures"]:
        counted = int(str(figure.value).split(" ")[0])
        listed = client.get(figure.url).content.decode()
        assert f"{counted} result" in listed, figure


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ("network.coordinator", "Choice and control: Wales"),
        ("network.member", "Choice and control: Wales"),
        ("assembly.member", "Assembly: Wales"),
        ("advisory.member", "Co-production Advisory Group"),
    ],
)
def test_home_leads_to_ones_own_group(client, programme, key, group):
    client.force_login(User.objects.get(email=f"{key}@example.org"))
    door = client.get(reverse("home")).context["doors"][0]
    assert door.title == group
    assert client.get(door.url).status_code == 200
