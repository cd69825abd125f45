"""Journeys: a real Chromium against the real programme on real servers.

What a journey asks for:

- ``portal``: the portal with the whole programme loaded, afresh for each journey (a copy of a
  template database), a Celery worker, and an SMTP sink. ``portal.url("/path/")``,
  ``portal.sign_in(page, "programme.staff")``, ``portal.mail.wait_for(to="x@example.org")``,
  ``portal.sweep()`` does what beat does each minute: asks the worker to look for what is due.
- ``page``: a desktop page (1280 px); ``phone``: a page of 360 px; ``new_person()``: a further
  context of its own, for a second person at the same time.
- ``look(page, "name")``: after each new page: axe (WCAG 2.2 A and AA) at 320 and 1280 px, in
  light and in forced colours, no sideways scrolling at 320 px, and a screenshot of both widths
  in ``.run/screenshots/``.

The ORM may be used directly to look at what a deed has done.
"""

import os
from pathlib import Path

import pytest

from tests.support.axe import violations
from tests.support.portal import Portal, start_portal

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

RESULTS = Path(__file__).resolve().parents[2] / ".run" / "screenshots"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"phone": 320, "desktop": 1280}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def _portal(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        yield from start_portal(tmp_path_factory.mktemp("portal"))


@pytest.fixture
def portal(_portal: Portal, settings) -> Portal:
    """The portal with the programme as it was loaded."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    _portal.begin(settings)
    return _portal


@pytest.fixture
def new_person(new_context):
    """A further browser context and page: somebody else at the same time."""

    def make(width: int = 1280, **options):
        # The width is set on the page: a context has one from browser_context_args already.
        page = new_context(**options).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        return page

    return make


@pytest.fixture
def phone(new_person):
    """A page as wide as a small phone."""
    return new_person(width=360)


@pytest.fixture
def look():
    """Look at a page as its users would, and fail on what keeps somebody out."""

    def looked(page, name: str) -> None:
        before = page.viewport_size
        for width_name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            for colours in ["none", "active"]:
                page.emulate_media(forced_colors=colours)
                assert violations(page) == [], f"{name} at {width} px, forced colours {colours}"
            page.emulate_media(forced_colors="none")
            RESULTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=RESULTS / f"{name}-{width_name}.png", full_page=True)
            if width_name == "phone":
                overflow = page.evaluate("document.scrollingElement.scrollWidth")
                assert overflow <= width, f"{name} scrolls sideways at {width} px: {overflow}"
        page.set_viewport_size(before)

    return looked
