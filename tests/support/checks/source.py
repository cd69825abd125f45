"""Faults that can be seen in the source text: size, states, layers by name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FUNCTION_LINES = 50
FILE_LINES = 500
TEMPLATE_LINES = 150
TEST_FILE_LINES = 1_000

# What names a moment: ``now``, and fields such as ``opened_at``.
_MOMENT = re.compile(r"\b(now|\w+_at)\b")

# Where a state may be assigned: the one door, and the outbox's claims by compare-and-swap.
STATE_DOORS = {
    "core/transitions.py",
    "notifications/delivery.py",
    "notifications/withdrawal.py",
}


def python_files(root: Path, folders: list[str]) -> Iterator[Path]:
    """The Python files of ``folders`` below ``root``, migrations left out."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def long_files(root: Path, folders: list[str], limit: int) -> list[str]:
    return [
        f"{path.relative_to(root)}: {lines} lines"
        for path in python_files(root, folders)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]


def long_functions(root: Path, folders: list[str]) -> list[str]:
    found = []
    for path in python_files(root, folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(f"{path.relative_to(root)}:{node.lineno} {node.name}: {lines}")
    return found


def long_view_methods(root: Path, folders: list[str], limit: int = 15) -> list[str]:
    """Methods of views beyond ``limit`` lines: a view parses, authorises, calls, responds."""
    found = []
    for path in python_files(root, folders):
        if not path.name.endswith(("views.py", "pages.py")) and "views" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        lines = (method.end_lineno or method.lineno) - method.lineno + 1
                        if lines > limit:
                            found.append(
                                f"{path.relative_to(root)}:{method.lineno} {method.name}: {lines}"
                            )
    return found


def long_templates(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {lines} lines"
        for path in sorted((root / "templates").rglob("*.*"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > TEMPLATE_LINES
    ]


def states_assigned(root: Path, folders: list[str]) -> list[str]:
    """``x.state = …`` and ``.update(state=…)`` outside of the doors."""
    found = []
    for path in python_files(root, folders):
        name = str(path.relative_to(root))
        if name in STATE_DOORS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _assigns_state(node) or _updates_state(node):
                found.append(f"{name}:{node.lineno}")
    return found


def _assigns_state(node: ast.AST) -> bool:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    return any(
        isinstance(target, ast.Attribute)
        and target.attr == "state"
        and not (isinstance(target.value, ast.Name) and target.value.id == "self")
        for target in targets
    )


def _updates_state(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and any(keyword.arg == "state" for keyword in node.keywords)
    )


def utc_days(root: Path, folders: list[str]) -> list[str]:
    """``now.date()`` and the like: a moment's day in UTC, which is not always the day in London."""
    found = []
    for path in python_files(root, folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "date"
                and not node.args
                and _MOMENT.search(asked := ast.unparse(node.func.value))
                and "localtime" not in asked
            ):
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found


def signal_receivers(root: Path, folders: list[str]) -> list[str]:
    """Receivers of model signals: a deed's consequences stand in its service, not in a signal."""
    found = []
    for path in python_files(root, folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("models.signals"):
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found
