"""Measure the search: ``python -m benchmarks.search [--rows 10000]``, ten updates a project."""

import argparse
from urllib.parse import urlencode

from benchmarks.pages import report
from benchmarks.server import prepare

# What is looked for: a word in every row, a rare one, one with a typing error, none at all.
SEARCHES = [
    ("a word in every row", "project"),
    ("a rare word", "lighthouse"),
    ("a typing error", "lihgthouse"),
    ("two words, one wrong", "lighthouse neihbours"),
    ("nothing like it", "qqqqzzzz"),
]
# Against the bare view. Thirteen kinds of things are searched, each by a query of its own.
PROMISED = 20


def main() -> int:
    """Print the milliseconds and queries of each search; 1 when one is beyond the promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    prepare()

    from benchmarks.data import fill, fill_updates, signed_in_cookie

    fill(rows, analyse=False)
    fill_updates()
    pages = [(name, f"/search/?{urlencode({'q': words})}") for name, words in SEARCHES]
    return 1 if report(pages, signed_in_cookie(), ratio=PROMISED) else 0


if __name__ == "__main__":
    raise SystemExit(main())
