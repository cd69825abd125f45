"""Finding rows by words, also by words that are nearly right.

PostgreSQL forgives typing errors, by the trigrams of ``pg_trgm``; elsewhere each word has to stand
in the text as it was typed. This module is the one place that knows the difference.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.lookups import Lookup

LONGEST = 100
MOST_WORDS = 6
# Words with fewer letters are nearly like too many others; numbers are right or wrong.
FORGIVEN_FROM = 4
# How like a word has to be, from 0 to 1; measured by PostgreSQL's word_similarity().
# Two letters that changed places in a word of eight leave it at 0.44.
LIKENESS = 0.4
# So many rows are looked at to find the best; with more than these the count says "more than".
CANDIDATES = 200


class Nearly(Lookup):
    """Whether a word nearly like the one asked for stands in a text (PostgreSQL only).

    Compiles to the expression of the trigram indexes that serve "contains", so that they serve
    this as well. ``set_likeness`` has to be called before, in the same transaction.
    """

    lookup_name = "nearly"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"UPPER({left}::text) %%> UPPER({right})", [*left_params, *right_params]


models.CharField.register_lookup(Nearly)
models.TextField.register_lookup(Nearly)


def forgives() -> bool:
    """Whether this database finds words that are nearly right."""
    return connection.vendor == "postgresql"


def set_likeness() -> None:
    """Say how like is like enough, for the rest of the transaction."""
    if forgives():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS}")


def words_of(text: str) -> list[str]:
    """The words that are looked for: of what was typed, what a text can hold; at most six."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST])
    kept = kept.encode("utf-8", "ignore").decode()
    return list(dict.fromkeys(kept.split()))[:MOST_WORDS]


def matching(
    rows: QuerySet, words: Sequence[str], *, titles: Sequence[str], texts: Sequence[str] = ()
) -> QuerySet:
    """Those of ``rows`` in which each of ``words`` stands in one of the fields.

    In ``titles`` a word may be nearly right, where the database can tell; in ``texts`` not.
    ``%`` and ``_`` stand for themselves.
    """
    for word in words:
        found = Q()
        for name in [*titles, *texts]:
            found |= Q(**{f"{name}__icontains": word})
        if forgives() and sum(map(str.isalpha, word)) >= FORGIVEN_FROM:
            for name in titles:
                found |= Q(**{f"{name}__nearly": word})
        rows = rows.filter(found)
    return rows


def likeness(words: Sequence[str], title: str) -> float:
    """How well ``title`` answers ``words``, from 0 to 1: each word by the best of the title's."""
    lowered = title.lower()
    there = lowered.split()
    scores = [
        1.0
        if word.lower() in lowered
        else max((SequenceMatcher(None, word.lower(), one).ratio() for one in there), default=0.0)
        for word in words
    ]
    return sum(scores) / len(scores)
