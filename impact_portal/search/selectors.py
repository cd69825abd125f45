"""What a search finds, grouped by kind, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from core.paging import count_label

from .engine import CANDIDATES, likeness, matching, set_likeness, words_of
from .kinds import search_kinds

# How many of a kind are shown beside the others, and on a page of this kind alone.
AT_FIRST = 5
A_PAGE = 25


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    title: str
    url: str
    detail: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``more`` whether there is more than ``hits``."""

    key: str
    name: str | Promise
    hits: list[Hit]
    count: int
    more: bool

    @property
    def count_words(self) -> str:
        return count_label(self.count, CANDIDATES)


@transaction.atomic
def search(user: Any, text: str) -> list[Group]:
    """The first of each kind that ``user`` may find by ``text``; kinds without any are left out.

    One query a kind, however much there is.
    """
    words = words_of(text)
    if not words:
        return []
    set_likeness()
    groups = [_group(key, user, words, 0, AT_FIRST) for key, _kind in search_kinds.items()]
    return [group for group in groups if group.hits]


@transaction.atomic
def search_kind(user: Any, text: str, key: str, page: int) -> Group:
    """A page (the first is 1) of one kind. Errors: ``KeyError`` on an unknown kind."""
    kind, words = search_kinds.get(key), words_of(text)
    if not words:
        return Group(key, kind.name, [], 0, more=False)
    set_likeness()
    return _group(key, user, words, (page - 1) * A_PAGE, A_PAGE)


def _group(key: str, user: Any, words: Sequence[str], start: int, size: int) -> Group:
    kind = search_kinds.get(key)
    found = matching(kind.rows(user), words, titles=kind.titles, texts=kind.texts)
    # The newest of those that match are looked at, and the best of these shown first.
    rows = list(found.order_by("-pk")[: CANDIDATES + 1])
    ranked = sorted(rows, key=lambda row: likeness(words, kind.title(row)), reverse=True)
    shown = ranked[start : start + size]
    return Group(
        key,
        kind.name,
        [Hit(kind.title(row), kind.url(row, user), kind.detail(row)) for row in shown],
        len(rows),
        more=len(rows) > start + size,
    )
