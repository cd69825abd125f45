"""The mix planner at its promised size, and the count behind the gap board.

``python -m benchmarks.planning [--rows 1000000]`` runs the planner, and with rows also the gap
board of one call with so many expressions, in a database of its own.
"""

import argparse
import os
import time
from dataclasses import dataclass
from random import Random

from expressions import mix
from expressions.mix import Bound, Candidate, Problem

CANDIDATES = 2_000
CONSTRAINTS = 20
PLACES = 24
PROMISED = 2.0
ROUNDS = 3


@dataclass(frozen=True)
class Counted:
    """How many expressions, and the seconds of the best of three counts."""

    rows: int
    seconds: float


def problem() -> Problem:
    """A large call, the same each time."""
    chance = Random(1)
    candidates = [
        Candidate(
            number,
            round(chance.uniform(20, 95), 2),
            {
                "nation": [chance.choice(["scotland", "wales", "england", "northern_ireland"])],
                "kind": [chance.choice("abcdef")],
                "topic": chance.sample(["one", "two", "three", "four"], chance.choice([1, 1, 2])),
                "first_timer": ["yes"] if chance.random() < 0.3 else [],
            },
        )
        for number in range(1, CANDIDATES + 1)
    ]
    bounds = [Bound("nation", one, 3, 9) for one in ("scotland", "wales", "northern_ireland")]
    bounds += [Bound("kind", one, 2, 6) for one in "abcdef"]
    bounds += [Bound("first_timer", "yes", 8), Bound("topic", "one", 9)]
    return Problem.of(candidates, PLACES, bounds)


def plan() -> tuple[float, str]:
    """(seconds of the best of three rounds, "best" where all were proved): the best set and the
    price of each constraint."""
    asked = problem()
    assert len(asked.constraints) == CONSTRAINTS
    quickest = float("inf")
    for _round in range(ROUNDS):
        began = time.perf_counter()
        # Raises where the solver has not proved that no other set is better.
        best = mix.best_set(asked)
        if best is None:
            return time.perf_counter() - began, "no answer"
        mix.prices(asked, best)
        quickest = min(quickest, time.perf_counter() - began)
    return quickest, "best"


def board() -> Counted:
    """Count the call with the most expressions, as the gap board does when nothing is kept."""
    from django.db.models import Count

    from expressions.models import Call
    from expressions.selectors import gaps

    call = Call.objects.annotate(size=Count("expressions")).order_by("-size")[0]
    best = float("inf")
    for _round in range(ROUNDS):
        began = time.perf_counter()
        found = gaps.count(call)
        best = min(best, time.perf_counter() - began)
    rows = sum(one.tally.begun + one.tally.sent for one in found)
    return Counted(rows, best)


ORGANISATIONS = """
    INSERT INTO partners_organisation (created_at, updated_at, is_example, name, kind, nation,
        place, size, website, is_first_timer, seldom_heard_links, about, name_key, website_domain)
    SELECT now(), now(), false, 'Organisation ' || n,
        (ARRAY['council', 'charity', 'provider', 'health'])[1 + n %% 4],
        (ARRAY['scotland', 'wales', 'england', 'northern_ireland'])[1 + (n / 4) %% 4],
        '', '', '', n %% 3 = 0, '', '', 'organisation ' || n, ''
    FROM generate_series(1, %s) AS n
"""
EXPRESSIONS = """
    INSERT INTO expressions_expression (created_at, updated_at, is_example, call_id,
        organisation_id, state, reference, source, topic_id, delivery_model, is_first_timer,
        is_struggling, call_version, provenance, submitted_at, declared_by, listed_at)
    SELECT now(), now(), false, %s, id, CASE WHEN id %% 2 = 0 THEN 'draft' ELSE 'submitted' END,
        CASE WHEN id %% 2 = 0 THEN '' ELSE 'B-' || id END, 'online', NULL,
        (ARRAY['network', 'demonstrator', 'facilitator', 'guide'])[1 + id %% 4], id %% 3 = 0,
        id %% 5 = 0, 1, '', CASE WHEN id %% 2 = 0 THEN NULL ELSE now() END, '', now()
    FROM partners_organisation
"""


def fill_one_call(rows: int) -> None:
    """A call with ``rows`` expressions, half of them drafts, by plain SQL."""
    from django.db import connection

    from expressions.models import Call

    call = Call.objects.create(slug="bench", title="Bench", year=2026)
    with connection.cursor() as cursor:
        cursor.execute(ORGANISATIONS, [rows])
        cursor.execute(EXPRESSIONS, [call.pk])
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0)
    rows = parser.parse_args().rows
    seconds, status = plan()
    print(f"mix planner, {CANDIDATES:,} x {CONSTRAINTS}: {seconds:.2f} s with prices, {status}")
    if not rows:
        return
    from benchmarks.server import address_of_own_database, make_database

    url = os.environ["DATABASE_URL"]
    make_database(url)
    os.environ["DATABASE_URL"] = address_of_own_database(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    fill_one_call(rows)
    found = board()
    print(f"gap board, {found.rows:,} expressions: counted in {found.seconds:.3f} s")


if __name__ == "__main__":
    main()
