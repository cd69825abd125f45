"""The benchmarks: what they measure, and that their rows and bare views are there."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from benchmarks.__main__ import deep_addresses
from benchmarks.data import READER, fill, fill_learning, fill_updates, queries_of
from benchmarks.measure import Timing, best_medians
from benchmarks.overview import PAGES
from benchmarks.server import address_of_own_database
from expressions.models import Expression
from projects.models import Learning, Milestone, Outcome, Project, Update

# Seconds that the local server takes: a slow page, and a floor that is quick in one round only.
SLOW, QUICK = 0.03, 0.002


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = count()

    def do_GET(self):
        if self.path == "/slow/":
            time.sleep(SLOW)
        elif self.path == "/once-quick/":
            # Ten requests warm it up; then rounds of two, of which the second alone is quick.
            time.sleep(QUICK if next(self.asked) in (12, 13) else SLOW)
        self.send_response(404 if self.path == "/missing/" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


@pytest.fixture
def port():
    _Answers.asked = count()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_ratio_is_page_by_floor():
    assert Timing(page=6.0, floor=4.0).ratio == 1.5


def test_best_round_counts_not_the_mean(port):
    timing = best_medians(port, "", "/slow/", "/once-quick/", rounds=3, requests=2)
    assert timing.page >= SLOW * 1_000 > timing.floor >= QUICK * 1_000
    assert timing.ratio > 1


def test_an_answer_that_is_no_page_is_not_measured(port):
    with pytest.raises(RuntimeError, match="/missing/ answered 404"):
        best_medians(port, "", "/missing/", "/slow/", rounds=1, requests=1)


def test_own_database_stands_on_the_same_server():
    own = address_of_own_database("postgres://one:two@127.0.0.1:5432/portal")
    assert own == "postgres://one:two@127.0.0.1:5432/impact_bench"


@pytest.fixture
def filled(db, settings, monkeypatch):
    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.TEMPLATES = [
        {**one, "DIRS": [*one["DIRS"], settings.BASE_DIR / "benchmarks" / "templates"]}
        for one in settings.TEMPLATES
    ]
    fill(60, analyse=False)


def test_fill_makes_the_rows_with_what_hangs_on_them(filled):
    assert Project.objects.count() == Expression.objects.count() == 60
    assert set(Project.objects.values_list("lead__email", flat=True)) == {READER}
    assert {project.nation_rows.count() for project in Project.objects.all()} == {2}


@pytest.mark.parametrize("name", ["projects", "expressions"])
def test_bare_view_shows_the_rows_of_the_first_page_in_three_queries(filled, name):
    client = Client()
    assert client.get(f"/minimal/{name}/").status_code == 302
    client.force_login(User.objects.get(email=READER))
    assert client.get(f"/minimal/{name}/").content.decode().count("<tr>") == 50
    assert queries_of(f"/minimal/{name}/") == 3
    assert queries_of(f"/staff/{name}/") <= 8


def test_page_at_depth_begins_behind_nine_tenths_of_the_rows(filled):
    client = Client()
    client.force_login(User.objects.get(email=READER))
    for address in deep_addresses().values():
        assert len(client.get(address).context["page"].rows) == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the database writes these itself")
def test_updates_and_learning_are_there_for_the_search_and_the_overview(filled):
    fill_learning()
    fill_updates(3, analyse=False)
    assert Update.objects.public().count() == 60 * 3
    assert [Milestone.objects.count(), Outcome.objects.count(), Learning.objects.count()] == [
        60,
        60,
        120,
    ]
    assert not Project.objects.filter(starts_on__isnull=True).exists()
    for _name, address in PAGES:
        assert queries_of(address) <= 15
