"""Two people with the same form open: the second is told, and nobody's words go in silence.

A form carries the version of what was on its page (``core.forms.SeenMixin``); the service that
saves it compares that, on the locked row, with what stands there now.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from . import audit
from .enums import AuditAction


class ChangedMeanwhile(Exception):
    """Somebody else saved after this person opened the form. Nothing has been written.

    ``str()`` is fit to be shown; ``seen`` is the version that stands now, for the form to carry
    when the person has read this and saves again.
    """

    def __init__(self, seen: Any, words: str = "") -> None:
        super().__init__(
            words
            or _(
                "Somebody else changed these details after you opened this page. What you "
                "wrote is still here. Read it again, and save if it is still right."
            )
        )
        self.seen = seen


def version_of(values: Mapping[str, Any]) -> str:
    """The version of what stands in ``values``: alike for the same values, else another."""
    text = json.dumps(dict(values), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def details_of(obj: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The named fields as they are stored: of related rows the keys."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(obj, name)
        if isinstance(value, models.Manager):
            value = sorted(value.values_list("pk", flat=True))
        found[name] = value.pk if isinstance(value, models.Model) else value
    return found


def save_details(*, obj: Any, values: Mapping[str, Any], seen: str, by: Any, now: datetime) -> Any:
    """Save ``values``, by field, with audit, and return the row as it now stands.

    ``seen`` is the version of these fields that the person had before them. Saving what stands
    there already, as by a double click, changes nothing. Errors: ``ChangedMeanwhile``.
    """
    names = list(values)
    with transaction.atomic():
        row = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        if all(getattr(row, name) == values[name] for name in names):
            return row
        version = version_of(details_of(row, names))
        if version != seen:
            raise ChangedMeanwhile(version)
        before = audit.snapshot(row, names)
        for name in names:
            setattr(row, name, values[name])
        row.save()
        changes = audit.changed(before, audit.snapshot(row, names))
        audit.record(action=AuditAction.CHANGED, obj=row, by=by, now=now, changes=changes)
    return row
