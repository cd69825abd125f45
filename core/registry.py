"""How a room offers something to a room below it without being imported by it.

A lower room owns a ``Registry``; an upper room adds to it from its ``AppConfig.ready``.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(Exception):
    """Two entries were given the same key."""


class Registry(Generic[T]):
    """Entries by key, in the order in which they were added.

    Errors: ``AlreadyRegistered`` on another entry for a key; ``KeyError`` on an unknown key.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def add(self, key: str, entry: T) -> T:
        """Add ``entry``. The very same entry again, as when apps are set up twice, is no error."""
        if self._entries.get(key, entry) is not entry:
            raise AlreadyRegistered(f"{self.name}: {key} is registered already")
        self._entries[key] = entry
        return entry

    def get(self, key: str) -> T:
        return self._entries[key]

    def items(self) -> list[tuple[str, T]]:
        return list(self._entries.items())

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())
