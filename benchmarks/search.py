"""Measure the search: ``python -m benchmarks.search [--rows 10000]``, ten updates a project."""

import argparse

from benchmarks.server import prepare, serving

# What is looked for: a word in every row, a rare one, one with a typing error, none at all.
SEARCHES = [
    ("a word in every row", "project"),
    ("a rare word", "lighthouse"),
    ("a typing error", "lihgthouse"),
    ("two words, one wrong", "lighthouse neihbours"),
    ("nothing like it", "qqqqzzzz"),
]
# The bare view that docs/benchmarks.md describes.
MINIMAL = "/minimal/projects/"
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
    return report(signed_in_cookie())


def report(cookie: str) -> int:
    """Measure and print; 0 when every search keeps the promise."""
    from urllib.parse import urlencode

    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    broken = 0
    print(f"{'':<24}{'page ms':>9}{'floor ms':>9}{'ratio':>7}{'queries':>9}", flush=True)
    with serving() as port:
        for name, words in SEARCHES:
            address = f"/search/?{urlencode({'q': words})}"
            timing = best_medians(port, cookie, address, MINIMAL, rounds=8, requests=5)
            queries = queries_of(address)
            broken += timing.ratio > PROMISED
            print(
                f"{name:<24}{timing.page:>9.1f}{timing.floor:>9.1f}{timing.ratio:>7.2f}"
                f"{queries:>9}",
                flush=True,
            )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
