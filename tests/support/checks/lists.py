"""Lists without a test of their cost: views that page, and no test that counts their queries.

A view lists when one of its methods calls ``core.paging.keyset_page``, itself or through
functions of its own room. A test counts when it, or a helper of its file, captures queries.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.checks.addresses import routes
from tests.support.checks.source import python_files

PAGING = "keyset_page"
COUNTERS = {
    "CaptureQueriesContext",
    "django_assert_num_queries",
    "django_assert_max_num_queries",
}
MANY_ROWS = range(29, 51)


@dataclass
class Seen:
    """What stands in a piece of source: names that it uses, and its constants."""

    room: str = ""
    names: set[str] = field(default_factory=set)
    constants: set[Any] = field(default_factory=set)

    @classmethod
    def of(cls, node: ast.AST, room: str = "") -> "Seen":
        seen = cls(room)
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                seen.names.add(part.id)
            elif isinstance(part, ast.Attribute):
                seen.names.add(part.attr)
            elif isinstance(part, ast.arg):
                seen.names.add(part.arg)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str | int):
                seen.constants.add(part.value)
        return seen

    def add(self, other: "Seen") -> None:
        self.names |= other.names
        self.constants |= other.constants


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Each function of a module by its qualified name, methods of its classes among them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def listing_functions(root: Path, room: str) -> set[tuple[str, str]]:
    """``(module, qualified name)`` of all functions of ``room`` that page."""
    uses: dict[tuple[str, str], set[str]] = {}
    for path in python_files(root, [room]):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for name, node in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            uses[module, name] = Seen.of(node).names
    paging = {PAGING}
    found: set[tuple[str, str]] = set()
    while new := {key for key, names in uses.items() if names & paging} - found:
        found |= new
        # A method is reached through its class, which the URLconf knows.
        paging |= {name for _module, name in new if "." not in name}
    return found


def listing_addresses(root: Path, rooms: list[str], patterns: list[Any]) -> list[tuple[str, str]]:
    """``(room, name)`` of all addresses whose view pages."""
    paging = {key for room in rooms for key in listing_functions(root, room)}
    return sorted(
        (view.__module__.split(".")[0], name)
        for _address, name, pattern in routes(patterns)
        if (view := getattr(pattern.callback, "view_class", None)) and paging & _methods(view)
    )


def _methods(view: type) -> set[tuple[str, str]]:
    """The methods that ``view`` really has: what it overrides is not among them."""
    members = (getattr(view, name, None) for name in dir(view))
    return {
        (member.__module__, member.__qualname__)
        for member in members
        if hasattr(member, "__qualname__") and hasattr(member, "__module__")
    }


def counting_tests(root: Path) -> list[Seen]:
    """What stands in each test that counts queries at one row and at about thirty."""
    return [
        seen
        for path in sorted((root / "tests").rglob("test_*.py"))
        for seen in _tests(ast.parse(path.read_text(encoding="utf-8")), path.parent.name)
        if seen.names & COUNTERS and seen.constants & set(MANY_ROWS)
    ]


def _tests(tree: ast.Module, room: str) -> Iterator[Seen]:
    """Each test of a file of ``room`` with the helpers and constants of the file that it uses."""
    helpers = {
        name: Seen.of(node) for name, node in _functions(tree) if not name.startswith("test_")
    }
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    helpers[target.id] = Seen.of(node.value)
    for name, node in _functions(tree):
        if name.startswith("test_"):
            yield _with_helpers(Seen.of(node, room), dict(helpers))


def _with_helpers(seen: Seen, helpers: dict[str, Seen]) -> Seen:
    while known := seen.names & helpers.keys():
        for name in known:
            seen.add(helpers.pop(name))
    return seen


def uncounted(addresses: list[tuple[str, str]], tests: list[Seen]) -> list[str]:
    """Those of ``addresses`` that no counting test names.

    A test of the list's own room may name it by the part after the colon.
    """
    whole = {text for seen in tests for text in seen.constants}
    short = {(seen.room, text) for seen in tests for text in seen.constants}
    return [
        name
        for room, name in addresses
        if name not in whole and (room, name.rpartition(":")[2]) not in short
    ]
