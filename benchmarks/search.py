"""Measure the search: ``python -m benchmarks.search [--rows 10000]``, ten updates a project."""

import argparse
import os
import sys

from benchmarks.server import address_of_own_database, make_database, serving

# What is looked for: a word in every row, a rare one, one with a typing error, none at all.
SEARCHES = [
    ("a word in every row", "project"),
    ("a rare word", "lighthouse"),
    ("a typing error", "lihgthouse"),
    ("two words, one wrong", "lighthouse neihbours"),
    ("nothing like it", "qqqqzzzz"),
]
UPDATES = 10
CHUNK = 10_000
# Median milliseconds of a search among all kinds.
PROMISED = 500


def main() -> int:
    """Print the milliseconds and queries of each search; 1 when one is beyond the promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        sys.exit("The benchmarks need PostgreSQL: run them through bin/services.")
    make_database(url)
    os.environ["DATABASE_URL"] = address_of_own_database(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from benchmarks.data import fill, signed_in_cookie

    fill(rows, analyse=False)
    fill_updates()
    return report(signed_in_cookie())


def fill_updates() -> None:
    """Ten updates a project; one in a thousand has the rare word."""
    from django.db import connection

    from projects.enums import Audience
    from projects.models import Project, Update

    batch: list[Update] = []
    for pk in Project.objects.values_list("pk", flat=True):
        for number in range(UPDATES):
            is_rare = (pk * UPDATES + number) % 1_000 == 0
            rare = " from the lighthouse to its neighbours" if is_rare else ""
            title = f"Project news {number} of {pk}{rare}"
            batch.append(Update(project_id=pk, audience=Audience.PUBLIC, title=title, text="News"))
        if len(batch) >= CHUNK:
            Update.objects.bulk_create(batch)
            batch = []
    Update.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def report(cookie: str) -> int:
    """Measure and print; 0 when every search keeps the promise."""
    from urllib.parse import urlencode

    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    broken = 0
    print(f"{'':<24}{'page ms':>9}{'empty ms':>9}{'queries':>9}")
    with serving() as port:
        for name, words in SEARCHES:
            address = f"/search/?{urlencode({'q': words})}"
            timing = best_medians(port, cookie, address, "/search/", rounds=5, requests=5)
            broken += timing.page > PROMISED
            print(f"{name:<24}{timing.page:>9.1f}{timing.floor:>9.1f}{queries_of(address):>9}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
