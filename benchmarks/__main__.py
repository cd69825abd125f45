"""Measure the lists: ``python -m benchmarks [--rows 10000]``."""

import argparse

from benchmarks.server import prepare, serving

# Ratio to the bare view that docs/benchmarks.md promises for the staff lists.
PROMISED = 2.3
QUERIES = 8
# A page far down the list, against the list's first page.
DEPTH = 0.9
PROMISED_AT_DEPTH = 1.3
LISTS = [
    ("projects list", "/staff/projects/", "/minimal/projects/"),
    ("expressions list", "/staff/expressions/", "/minimal/expressions/"),
]


def main() -> int:
    """Print ratio and queries of each list; 1 when one is beyond what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    prepare()

    from benchmarks.data import fill, signed_in_cookie

    fill(rows)
    broken = report(rows, signed_in_cookie()) | report_autosave()
    return broken | report_planning()


def report_autosave() -> int:
    """Measure 200 writers at once and print; 0 when no answer is lost."""
    from benchmarks import autosave

    writers = autosave.make_writers()
    with serving(threads=8) as port:
        outcome = autosave.measure(port, writers)
    print(
        f"autosave, {len(writers)} writers at once: p50 {outcome.p50:.0f} ms, "
        f"p99 {outcome.p99:.0f} ms, {outcome.saves} saves, {outcome.lost} answers lost"
    )
    return 1 if outcome.lost else 0


def report_planning() -> int:
    """Measure the mix planner and the gap board and print; 1 when a promise is broken."""
    from benchmarks import planning

    seconds, status = planning.plan()
    print(
        f"mix planner, {planning.CANDIDATES:,} expressions, {planning.CONSTRAINTS} constraints: "
        f"{seconds:.2f} s with all prices, {status} (promised: under {planning.PROMISED} s, best)"
    )
    board = planning.board()
    print(f"gap board, {board.rows:,} expressions: counted in {board.seconds:.3f} s")
    return 0 if seconds < planning.PROMISED and status == "best" else 1


def report(rows: int, cookie: str) -> int:
    """Measure and print; 0 when everything keeps its promise."""
    from benchmarks.data import queries_of
    from benchmarks.measure import best_medians

    deep = deep_addresses()
    print(f"{'':<24}{'rows':>10}{'page ms':>9}{'floor ms':>9}{'ratio':>7}{'queries':>9}")
    broken = 0
    with serving() as port:
        for name, page, bare in LISTS:
            for what, address, floor, promised in [
                (name, page, bare, PROMISED),
                (f"  at {DEPTH:.0%} depth", deep[page], page, PROMISED_AT_DEPTH),
            ]:
                timing = best_medians(port, cookie, address, floor)
                queries = queries_of(address)
                broken += timing.ratio > promised or queries > QUERIES
                print(
                    f"{what:<24}{rows:>10,}{timing.page:>9.1f}{timing.floor:>9.1f}"
                    f"{timing.ratio:>7.2f}{queries:>9}"
                )
    print(
        f"promised: at most {PROMISED} x the bare view, at depth at most {PROMISED_AT_DEPTH} x "
        f"the first page, at most {QUERIES} queries"
    )
    return 1 if broken else 0


def deep_addresses() -> dict[str, str]:
    """The page at ``DEPTH`` of each list, by the list's address."""
    from benchmarks.data import address_at_depth
    from expressions import selectors as expressions
    from expressions.models import Expression
    from projects import selectors as projects
    from projects.models import Project

    return {
        page: address_at_depth(page, model.objects.all(), order, DEPTH)
        for (_name, page, _bare), model, order in zip(
            LISTS,
            [Project, Expression],
            [projects.LIST_ORDERS["changed"], expressions.LIST_ORDER],
            strict=True,
        )
    }


if __name__ == "__main__":
    raise SystemExit(main())
