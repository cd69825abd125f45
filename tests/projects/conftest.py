"""Signed-in browsers and the second factor that the pages of projects ask for."""

import pytest


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """The second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
