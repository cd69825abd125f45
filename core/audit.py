"""The audit trail: who did or saw what, when, in the same transaction as the deed itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.encoding import force_str

from .enums import AuditAction
from .models import AuditEntry


def record(
    *,
    action: AuditAction,
    obj: models.Model,
    by: Any,
    now: datetime,
    changes: dict[str, list[str]] | None = None,
    note: str = "",
) -> AuditEntry:
    """Add one entry. ``by`` is a saved user or ``None`` for the portal itself."""
    return AuditEntry.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=str(obj.pk),
        action=action,
        by=by if by and by.pk else None,
        at=now,
        changes=changes or {},
        note=note,
    )


def record_all(
    *,
    action: AuditAction,
    changes: Iterable[tuple[models.Model, dict[str, list[str]]]],
    by: Any,
    now: datetime,
) -> None:
    """Add an entry of one action for each object with its changes, in a few queries."""
    entries = [
        AuditEntry(
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            action=action,
            by=by if by and by.pk else None,
            at=now,
            changes=changed_fields,
        )
        for obj, changed_fields in changes
    ]
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def snapshot(obj: models.Model, fields: list[str]) -> dict[str, str]:
    """The named fields as text, to be compared by :func:`changed` after a change."""
    values: dict[str, str] = {}
    for name in fields:
        display = getattr(obj, f"get_{name}_display", None)
        value = display() if display else getattr(obj, name)
        if isinstance(value, models.Manager):
            value = ", ".join(sorted(force_str(item) for item in value.all()))
        values[name] = "" if value is None else force_str(value)
    return values


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """Field → [old, new] for the fields whose text differs."""
    return {name: [before[name], after[name]] for name in after if before.get(name) != after[name]}


def entries_of(obj: models.Model) -> models.QuerySet[AuditEntry]:
    """The entries of ``obj``, oldest first, with the people who made them."""
    return AuditEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk)
    ).select_related("by")
