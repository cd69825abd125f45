"""Faults against the layers that imports do not show: foreign keys, get_model, templates."""

import re
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Model

# Lowest first. Rooms that share a number are siblings and know nothing of each other.
LAYER = {
    "core": 0,
    "accounts": 1,
    "notifications": 2,
    "reports": 2,
    "partners": 3,
    "meetings": 4,
    "projects": 5,
    "expressions": 6,
    "networks": 6,
    "demonstrators": 6,
    "coproduction": 6,
    "surveys": 6,
    "guides": 6,
    "impact_portal": 7,
}
# settings.AUTH_USER_MODEL is Django's own seam: whoever did it may be named from anywhere.
SEAM = "accounts.User"
_INCLUDE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
_GET_MODEL = re.compile(r"get_model\(\s*[\"'](\w+)")


def may_know(room: str, other: str) -> bool:
    """Whether ``room`` may know of ``other``: itself, and what is below it."""
    if other not in LAYER or room not in LAYER or room == other:
        return True
    return LAYER[room] > LAYER[other]


def upward_foreign_keys(models: Iterable[type[Model]]) -> list[str]:
    found = []
    for model in models:
        room = model._meta.app_label
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            related = field.related_model
            if related is None or isinstance(related, str) or related._meta.label == SEAM:
                continue
            if not may_know(room, related._meta.app_label):
                found.append(f"{model._meta.label}.{field.name} → {related._meta.label}")
    return found


def upward_templates(root: Path) -> list[str]:
    found = []
    templates = root / "templates"
    for path in sorted(templates.rglob("*.*")):
        room = path.relative_to(templates).parts[0]
        for included in _INCLUDE.findall(path.read_text(encoding="utf-8")):
            if not may_know(room, included.split("/")[0]):
                found.append(f"{path.relative_to(root)} → {included}")
    return found


def upward_get_model(root: Path) -> list[str]:
    found = []
    for room in LAYER:
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for other in _GET_MODEL.findall(path.read_text(encoding="utf-8")):
                if not may_know(room, other):
                    found.append(f"{path.relative_to(root)} → {other}")
    return found
