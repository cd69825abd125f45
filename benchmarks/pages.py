"""Pages beside the bare view: milliseconds, ratio and queries, a line each."""

from collections.abc import Iterable

from benchmarks.server import serving

# The bare view that docs/benchmarks.md describes.
MINIMAL = "/minimal/projects/"


def report(
    pages: Iterable[tuple[str, str]], cookie: str, *, ratio: float, most_queries: int | None = None
) -> int:
    """Measure and print ``pages`` (name, address); how many are beyond ``ratio`` to the bare view
    or ``most_queries``."""
    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    broken = 0
    print(f"{'':<24}{'page ms':>9}{'floor ms':>9}{'ratio':>7}{'queries':>9}", flush=True)
    with serving() as port:
        for name, address in pages:
            timing = best_medians(port, cookie, address, MINIMAL, rounds=8, requests=5)
            queries = queries_of(address)
            too_many = most_queries is not None and queries > most_queries
            broken += timing.ratio > ratio or too_many
            print(
                f"{name:<24}{timing.page:>9.1f}{timing.floor:>9.1f}{timing.ratio:>7.2f}"
                f"{queries:>9}",
                flush=True,
            )
    return broken
