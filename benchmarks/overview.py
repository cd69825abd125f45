"""Measure the programme overview: ``python -m benchmarks.overview [--rows 10000]``.

Ten updates, a milestone and two pieces of learning for each project.
"""

import argparse

from benchmarks.pages import report
from benchmarks.server import prepare

# Of the page without a choice, and of one with all three.
PAGES = [
    ("programme overview", "/programme/overview/"),
    ("  narrowed", "/programme/overview/?nation=wales&model=network&year=2022"),
    ("  rows of learning", "/programme/overview/rows/helped/"),
]
# Ratio to the bare view, and queries.
PROMISED = 30
QUERIES = 15


def main() -> int:
    """Print ratio and queries of each page; 1 when one is beyond the promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    prepare()

    from benchmarks.data import fill, fill_learning, fill_updates, signed_in_cookie

    fill(rows, analyse=False)
    fill_learning()
    fill_updates()
    return 1 if report(PAGES, signed_in_cookie(), ratio=PROMISED, most_queries=QUERIES) else 0


if __name__ == "__main__":
    raise SystemExit(main())
