"""Addresses of many pages at once: the URLconf is asked once, not once for each row."""

from collections.abc import Callable
from functools import cache

from django.urls import get_script_prefix, get_urlconf, reverse

# Stands for the key while the address is cut; any number that is in no address does.
_PLACE = 918_273_645


def addresses(name: str) -> Callable[[int], str]:
    """A function from a key to the address of the page ``name``, whose only argument is the key.

    Errors: ``NoReverseMatch``.
    """
    before, after = _halves(name, get_urlconf(), get_script_prefix())
    return lambda pk: f"{before}{pk}{after}"


@cache
def _halves(name: str, urlconf: str | None, prefix: str) -> tuple[str, str]:
    before, _place, after = reverse(name, urlconf, args=[_PLACE]).partition(str(_PLACE))
    return before, after
