"""Which addresses the tests have visited: noted by every test process, compared at the end.

``python -m tests.support.visited`` fails on an address of ours that no test has opened.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

FOLDER = Path(__file__).resolve().parents[2] / ".run" / "visited"
# allauth's own pages have allauth's own tests.
NOT_OURS = ("account_", "mfa_")


class VisitedMiddleware:
    """Notes the route of each request; one file for each process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noted: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name and match.view_name not in self.noted:
            self.noted.add(match.view_name)
            FOLDER.mkdir(parents=True, exist_ok=True)
            with (FOLDER / f"{os.getpid()}.txt").open("a", encoding="utf-8") as notes:
                notes.write(f"{match.view_name}\n")
        return response


def visited() -> set[str]:
    """The names of all routes that a test has opened since the notes were last removed."""
    return {
        name
        for notes in FOLDER.glob("*.txt")
        for name in notes.read_text(encoding="utf-8").splitlines()
    }


def unvisited(names: set[str], seen: set[str]) -> list[str]:
    """Those of ``names`` that are ours and not in ``seen``."""
    return sorted(name for name in names - seen if name and not name.startswith(NOT_OURS))


def main() -> int:
    """Print what no test has opened; 1 if there is any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact_portal.settings.test")
    import django

    django.setup()
    from django.urls import get_resolver

    from tests.support.checks.addresses import routes

    names = {name for _address, name, _pattern in routes(get_resolver().url_patterns)}
    missing = unvisited(names, visited())
    for name in missing:
        sys.stdout.write(f"no test opens {name}\n")
    sys.stdout.write(f"{len(names) - len(missing)} of {len(names)} addresses opened by tests\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
