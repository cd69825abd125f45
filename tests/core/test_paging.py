"""Keyset pages: forwards, backwards, and at cursors that were tampered with."""

import base64
import json

import pytest

from core.paging import capped_count, count_label, keyset_page
from projects.models import Project, Risk
from tests.projects.factories import ProjectFactory, RiskFactory

pytestmark = pytest.mark.django_db
ORDER = ["-updated_at", "-id"]


def titles(page):
    return [row.title for row in page.rows]


def test_pages_forwards_then_backwards_show_the_same_rows():
    projects = [ProjectFactory() for _ in range(5)]
    Project.objects.update(updated_at=projects[0].updated_at)  # ties are told apart by id
    expected = [project.title for project in reversed(projects)]
    first = keyset_page(Project.objects.all(), order=ORDER, size=2)
    second = keyset_page(Project.objects.all(), order=ORDER, cursor=first.next_cursor, size=2)
    third = keyset_page(Project.objects.all(), order=ORDER, cursor=second.next_cursor, size=2)
    back = keyset_page(Project.objects.all(), order=ORDER, cursor=third.previous_cursor, size=2)
    assert [titles(first), titles(second), titles(third)] == [
        expected[:2],
        expected[2:4],
        expected[4:],
    ]
    assert titles(back) == titles(second)
    assert (first.previous_cursor, third.next_cursor) == (None, None)


def forged(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *["x", "W10", "bnVsbA", "W2ZhbHNlLDEsMl0", "%00", "é"],
        forged(False, "2022-07-26T14:00:00+00:00", float("inf")),
        forged(False, "2022-07-26T14:00:00+00:00\0", 1),
        forged(False, "\ud800", 1),
        forged(False, "2022-07-26T14:00:00", 1),
        forged(False, "0001-01-01T00:00:00+14:00", 5),
        forged(False, "9999-12-31T23:00:00-14:00", 5),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_cursor_that_was_tampered_with_gives_the_first_page(cursor):
    project = ProjectFactory()
    page = keyset_page(Project.objects.all(), order=ORDER, cursor=cursor)
    assert titles(page) == [project.title]


@pytest.mark.parametrize("level", ["2026-01-01", "2026-01-01T00:00:00+00:00", "NaN", "\u0001", {}])
def test_cursor_of_a_generated_column_that_was_tampered_with_gives_the_first_page(level):
    risk = RiskFactory()
    page = keyset_page(Risk.objects.all(), order=["-level", "-id"], cursor=forged(False, level, 1))
    assert page.rows == [risk]


def test_count_stops_at_the_cap_and_says_so():
    ProjectFactory.create_batch(3)
    assert capped_count(Project.objects.all(), cap=2) == 3
    assert count_label(3, cap=2) == "more than 2 results"
    assert count_label(1) == "1 result"


@pytest.mark.parametrize("title", ["before\0after", "\ud800"])
def test_cursor_with_text_that_no_column_holds_gives_the_first_page(title):
    ProjectFactory()
    cursor = forged(False, title, 1)
    page = keyset_page(Project.objects.all(), order=["title", "id"], cursor=cursor)
    assert len(page.rows) == 1


def test_pages_go_on_after_a_title_with_odd_signs():
    for title in ["a\xa0\u202e b", "b"]:
        ProjectFactory(title=title)
    first = keyset_page(Project.objects.all(), order=["title", "id"], size=1)
    cursor = first.next_cursor
    second = keyset_page(Project.objects.all(), order=["title", "id"], cursor=cursor, size=1)
    assert [row.title for row in second.rows] == ["b"]
