"""Keyset pages: forwards, backwards, and at cursors that were tampered with."""

import pytest

from core.paging import capped_count, count_label, keyset_page
from projects.models import Project
from tests.projects.factories import ProjectFactory

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


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "W2ZhbHNlLDEsMl0", "%00", "é"])
def test_cursor_that_was_tampered_with_gives_the_first_page(cursor):
    project = ProjectFactory()
    page = keyset_page(Project.objects.all(), order=ORDER, cursor=cursor)
    assert titles(page) == [project.title]


def test_count_stops_at_the_cap_and_says_so():
    ProjectFactory.create_batch(3)
    assert capped_count(Project.objects.all(), cap=2) == 3
    assert count_label(3, cap=2) == "more than 2 results"
    assert count_label(1) == "1 result"
