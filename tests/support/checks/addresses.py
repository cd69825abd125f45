"""Faults of addresses: a view that says neither who may open it nor why everybody may."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver

# Third-party views, which have no room to declare anything, and why they may be open.
OPEN_BY_THEIR_MAKERS = {
    "set_language": "changes the language of this browser alone",
    "allauth": "sign-in, sign-up and one's own sign-in settings; allauth guards them itself",
}


def routes(
    patterns: list[Any], prefix: str = "", names: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Each ``(address, name, pattern)`` of an URLconf."""
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from routes(entry.url_patterns, address, space)
        else:
            yield address, f"{names}{entry.name or ''}", entry


def declaration(pattern: URLPattern) -> str | None:
    """What the view behind ``pattern`` declares: a permission, or why it is public."""
    view = getattr(pattern.callback, "view_class", None)
    if view is not None and view.__module__.split(".")[0] != "allauth":
        return getattr(view, "permission", None) or getattr(view, "public_because", None)
    module = pattern.callback.__module__.split(".")[0]
    return OPEN_BY_THEIR_MAKERS.get(module) or OPEN_BY_THEIR_MAKERS.get(pattern.name or "")


def undeclared(patterns: list[Any]) -> list[str]:
    """Addresses whose view declares neither a permission nor why it is public."""
    return [address for address, _name, pattern in routes(patterns) if not declaration(pattern)]


def unknown_permissions(patterns: list[Any], known: Any) -> list[str]:
    """Permissions that a view asks for and no room has defined."""
    asked = {
        getattr(getattr(pattern.callback, "view_class", None), "permission", None)
        for _address, _name, pattern in routes(patterns)
    }
    return sorted(name for name in asked if name and not known(name))
