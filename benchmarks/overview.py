"""Measure the programme overview: ``python -m benchmarks.overview [--rows 10000]``.

Ten updates, a milestone and two pieces of learning for each project.
"""

import argparse

from benchmarks.server import prepare, serving

# Of the page without a choice, and of one with all three.
PAGES = [
    ("programme overview", "/programme/overview/"),
    ("  narrowed", "/programme/overview/?nation=wales&model=network&year=2022"),
    ("  rows of learning", "/programme/overview/rows/helped/"),
]
# The bare view that docs/benchmarks.md describes.
MINIMAL = "/minimal/projects/"
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
    return report(signed_in_cookie())


def report(cookie: str) -> int:
    """Measure and print; 0 when every page keeps its promise."""
    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    broken = 0
    print(f"{'':<24}{'page ms':>9}{'floor ms':>9}{'ratio':>7}{'queries':>9}", flush=True)
    with serving() as port:
        for name, address in PAGES:
            timing = best_medians(port, cookie, address, MINIMAL, rounds=8, requests=5)
            queries = queries_of(address)
            broken += timing.ratio > PROMISED or queries > QUERIES
            print(
                f"{name:<24}{timing.page:>9.1f}{timing.floor:>9.1f}{timing.ratio:>7.2f}"
                f"{queries:>9}",
                flush=True,
            )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
