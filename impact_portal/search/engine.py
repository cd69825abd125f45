"""Finding rows by words, also by words that are nearly right.

PostgreSQL forgives typing errors, by the trigrams of ``pg_trgm``; elsewhere each word has to stand
in the text as it was typed. This module is the one place that knows the difference.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import reduce
from operator import or_
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
# What PostgreSQL is to think that comparing two texts costs. Its default, 0.0025, is right for
# numbers; for texts it would rather read a table of ten thousand whole than use their index.
COST_OF_COMPARING = 0.05
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
    """Say how like is like enough, and what it costs to tell, for the rest of the transaction."""
    if forgives():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS};"
                f"SET LOCAL cpu_operator_cost = {COST_OF_COMPARING}"
            )


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
    crosses = any("__" in name for name in [*titles, *texts])
    for word in words:
        conditions = [_stands_in(rows.model, name, word, may_be_near=True) for name in titles]
        conditions += [_stands_in(rows.model, name, word, may_be_near=False) for name in texts]
        if crosses:
            rows = rows.filter(pk__in=_united(rows.model, conditions))
        else:
            rows = rows.filter(reduce(or_, conditions))
    return rows


def _stands_in(model: type[models.Model], name: str, word: str, *, may_be_near: bool) -> Q:
    """That ``word`` stands in the field ``name``; in one of another table by that table's rows."""
    relation, _dunder, rest = name.partition("__")
    if rest:
        there: Any = model._meta.get_field(relation).related_model
        condition = _stands_in(there, rest, word, may_be_near=may_be_near)
        return Q(**{f"{relation}__in": there._base_manager.filter(condition).values("pk")})
    found = Q(**{f"{name}__icontains": word})
    if may_be_near and forgives() and sum(map(str.isalpha, word)) >= FORGIVEN_FROM:
        found |= Q(**{f"{name}__nearly": word})
    return found


def _united(model: type[models.Model], conditions: Sequence[Q]) -> QuerySet:
    """The keys of rows that fit one of ``conditions``, each of which is asked by itself.

    Joined by "or", conditions on two tables can use the index of neither: PostgreSQL would read
    both tables, and take the likeness of each of their texts.
    """
    parts = [model._base_manager.filter(one).order_by().values("pk") for one in conditions]
    return parts[0].union(*parts[1:])


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
