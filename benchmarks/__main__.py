"""Measure the lists: ``python -m benchmarks [--rows 10000]``."""

import argparse
import os
import sys

from benchmarks.server import address_of_own_database, make_database, serving

# Ratio to the bare view that docs/benchmarks.md promises for the staff lists.
PROMISED = 2.3
QUERIES = 8
LISTS = [
    ("projects list", "/staff/projects/", "/minimal/projects/"),
    ("expressions list", "/staff/expressions/", "/minimal/expressions/"),
]


def main() -> int:
    """Print ratio and queries of each list; 1 when one is beyond what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        sys.exit("The benchmarks need PostgreSQL: run them through make bench.")
    make_database(url)
    os.environ["DATABASE_URL"] = address_of_own_database(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from benchmarks.data import fill, signed_in_cookie

    fill(rows)
    return report(rows, signed_in_cookie())


def report(rows: int, cookie: str) -> int:
    """Measure and print; 0 when everything keeps its promise."""
    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    print(f"{'':<18}{'rows':>10}{'page ms':>9}{'bare ms':>9}{'ratio':>7}{'queries':>9}")
    broken = 0
    with serving() as port:
        for name, page, floor in LISTS:
            timing = best_medians(port, cookie, page, floor)
            queries = queries_of(page)
            broken += timing.ratio > PROMISED or queries > QUERIES
            print(
                f"{name:<18}{rows:>10,}{timing.page:>9.1f}{timing.floor:>9.1f}"
                f"{timing.ratio:>7.2f}{queries:>9}"
            )
    print(f"promised: ratio at most {PROMISED}, at most {QUERIES} queries")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
