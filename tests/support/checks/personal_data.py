"""The personal-data register: each field of each model stands in it, once, in its room's file."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Model

ASKED = {"what", "basis", "retention"}


def register(root: Path, room: str) -> dict[str, Any]:
    path = root / room / "personal_data.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def faults(model: type[Model], entry: dict[str, Any] | None) -> list[str]:
    """What is wrong with the register's ``entry`` for ``model``."""
    label = model._meta.label
    if entry is None:
        return [f"{label}: not in the register"]
    harmless = list(entry.get("not_personal") or [])
    personal = dict(entry.get("personal") or {})
    fields = {field.name for field in [*model._meta.local_fields, *model._meta.local_many_to_many]}
    found = [f"{label}.{name}: not classified" for name in sorted(fields - {*harmless, *personal})]
    found += [f"{label}.{name}: no such field" for name in sorted({*harmless, *personal} - fields)]
    found += [f"{label}.{name}: classified twice" for name in sorted({*harmless} & {*personal})]
    found += [
        f"{label}.{name}: says no {word}"
        for name, said in sorted(personal.items())
        for word in sorted(ASKED - {key for key, value in said.items() if value})
    ]
    return found


def register_faults(root: Path, models: Iterable[type[Model]]) -> list[str]:
    """Faults of the register over all ``models`` of our own rooms."""
    return [
        fault
        for model in models
        for fault in faults(
            model, register(root, model._meta.app_label).get(model._meta.object_name)
        )
    ]


# What lasts as long as something else does: these end with it, or with the seven years of the
# public record, the first of which end in 2033.
OPEN_ENDED = re.compile(
    r"(\b7 years\b|account is closed|as long as |with the object"
    r"|until the change goes out|until consent is withdrawn)"
)


def unkept_promises(
    root: Path, models: Iterable[type[Model]], kept: Iterable[frozenset[str]]
) -> list[str]:
    """Models of which the register promises a time that no rule of ``core.retention`` keeps."""
    ruled = frozenset().union(*kept)
    return sorted(
        model._meta.label
        for model in models
        if model._meta.label not in ruled
        and any(
            not OPEN_ENDED.search(said.get("retention", ""))
            for said in (
                (register(root, model._meta.app_label).get(model._meta.object_name) or {}).get(
                    "personal"
                )
                or {}
            ).values()
        )
    )
