"""Every list has a test of its queries at 1 row and at 30; the guard finds a planted fault."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver, path

from core.access import PublicView
from tests.support.checks import lists

ROOT = Path(__file__).resolve().parents[2]


def test_every_list_has_a_test_that_counts_its_queries():
    addresses = lists.listing_addresses(ROOT, settings.ROOMS, get_resolver().url_patterns)
    assert ("projects", "projects:list") in addresses
    assert lists.uncounted(addresses, lists.counting_tests(ROOT)) == []


VIEWS = """
class Listing(PublicView):
    def get(self, request):
        return shown(request)

class Export(Listing):
    def get(self, request):
        return None

def shown(request):
    return keyset_page(request)
"""


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "views.py").write_text(VIEWS)
    (tmp_path / "tests" / "room").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def patterns():
    space = {"PublicView": PublicView, "__name__": "room.views"}
    exec(VIEWS, space)
    return [
        path("list/", space["Listing"].as_view(), name="list-of-things"),
        path("export/", space["Export"].as_view(), name="export"),
    ]


def test_list_is_known_through_what_it_calls_and_not_through_what_it_overrides(tree, patterns):
    assert lists.listing_addresses(tree, ["room"], patterns) == [("room", "list-of-things")]


LISTED = "things:list-of-things"
COUNTED = """
PAGES = ["list-of-things"]

def cost(name):
    with CaptureQueriesContext(connection):
        open(name)

@pytest.mark.parametrize("name", PAGES)
def test_costs(name):
    make({rows})
    cost(name)
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (COUNTED.format(rows=30), []),
        (COUNTED.format(rows=3), [LISTED]),
        (COUNTED.format(rows=30).replace("CaptureQueries", ""), [LISTED]),
        (COUNTED.format(rows=30).replace("list-of-things", "another"), [LISTED]),
    ],
)
def test_planted_uncounted_list_is_found(tree, text, found):
    (tree / "tests" / "room" / "test_things.py").write_text(text)
    tests = lists.counting_tests(tree)
    assert lists.uncounted([("room", "things:list-of-things")], tests) == found
    assert lists.uncounted([("other", "things:list-of-things")], tests) == [LISTED]
