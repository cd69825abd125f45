"""Pages on the loaded programme: what they cost for each role, and that what they lead to opens."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.enums import CalendarKind
from impact_portal.history.kinds import KINDS
from impact_portal.mywork import calendar
from impact_portal.search import selectors
from tests.impact_portal.test_calendar import FOREVER
from tests.impact_portal.test_history import page

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


# How many queries the page may cost, those of session, person and roles included. Fifteen are
# promised; a programme manager's page gathers from every room.
MY_WORK_QUERIES = {
    "programme.manager": 17,
    "programme.staff": 15,
    "engagement.lead": 15,
    "networks.manager": 15,
    "leadership": 15,
    "partner.contact": 15,
    "network.coordinator": 15,
    "network.member": 15,
    "improvement.coach": 15,
    "advisory.member": 15,
    "assembly.member": 15,
    "assessor": 15,
}


@pytest.mark.parametrize(("key", "most"), QUERIES.items())
def test_home_of_each_role_keeps_to_its_number_of_queries(client, key, most):
    client.force_login(User.objects.get(email=f"{key}@example.org"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("home"))
    assert response.status_code == 200
    assert len(queries) <= most, "\n".join(query["sql"][:200] for query in queries)


def test_each_figure_leads_to_the_list_that_it_counts(client):
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
def test_home_leads_to_ones_own_group(client, key, group):
    client.force_login(User.objects.get(email=f"{key}@example.org"))
    door = client.get(reverse("home")).context["doors"][0]
    assert door.title == group
    assert client.get(door.url).status_code == 200


def test_my_work_of_each_role_keeps_to_its_number_of_queries(client):
    costs = {}
    for key in MY_WORK_QUERIES:
        client.force_login(User.objects.get(email=f"{key}@example.org"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("mywork:index")).status_code == 200
        costs[key] = len(queries)
    assert {key: cost for key, cost in costs.items() if cost > MY_WORK_QUERIES[key]} == {}


def test_each_view_of_the_calendar_opens_for_each_role_and_each_link_leads_somewhere(client):
    for key in ["programme.manager", "leadership", "partner.contact", "assessor", "network.member"]:
        user = User.objects.get(email=f"{key}@example.org")
        client.force_login(user)
        for kinds in [[], *[[kind] for kind in CalendarKind.values], CalendarKind.values]:
            for view in ["", "month"]:
                page = client.get(reverse("mywork:calendar"), {"kind": kinds, "view": view})
                assert page.status_code == 200
        for one in calendar.entries(user, *FOREVER):
            assert client.get(one.url).status_code == 200, (key, one)


def test_each_hit_leads_to_a_page_that_opens(client):
    for key in ["programme.manager", "leadership", "partner.contact", "assessor"]:
        user = User.objects.get(email=f"{key}@example.org")
        client.force_login(user)
        for word in ["a", "care", "network"]:
            for group in selectors.search(user, word):
                for hit in group.hits:
                    assert client.get(hit.url).status_code == 200, (key, hit)


def test_each_history_leads_back_to_the_page_it_is_about(client):
    client.force_login(User.objects.get(email="programme.manager@example.org"))
    for name, kind in KINDS.items():
        obj = kind.model._default_manager.order_by("pk").first()
        if obj is None:
            continue
        found = page(client, name, obj)
        assert found.status_code == 200, name
        if found.context["url"]:
            assert client.get(found.context["url"]).status_code == 200, name
