"""Writes of a file of organisations: keep it checked, then save it row by row in a worker.

Each chunk of rows is saved in one transaction with the count of rows that are done, so that a
worker that was killed, or a second one, goes on where the last finished and saves nothing twice.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from core import audit
from core.enums import AuditAction
from core.sweeps import Problems

from . import importing, transitions
from .enums import ImportState, Verdict
from .importing import Row
from .models import Organisation, OrganisationIdentifier, OrganisationImport

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
CHUNK = 200
# Of an organisation that we know only what is blank is filled in.
FILLED = ["nation", "place", "size", "website", "seldom_heard_links", "about"]


def keep_checked(*, content: bytes, once_key: UUID, by: User, now: datetime) -> OrganisationImport:
    """Read, check and keep a file; nothing of it is saved in the register.

    The same ``once_key`` a second time gives the first one. Errors: ``UnreadableFile``.
    """
    if found := OrganisationImport.objects.filter(once_key=once_key, uploaded_by=by).first():
        return found
    sheet = importing.read(content)
    importing.compare(sheet.rows)
    with transaction.atomic():
        upload, made = OrganisationImport.objects.get_or_create(
            once_key=once_key,
            defaults={
                "uploaded_by": by,
                "rows": [row.as_json() for row in sheet.rows],
                "ignored_columns": sheet.ignored,
                "total": len(sheet.rows),
                "keep_until": now + KEPT_FOR,
            },
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=upload, by=by, now=now)
    return upload


def confirm(*, obj: OrganisationImport, fill_blanks: bool, by: User, now: datetime) -> None:
    """Let a worker save the rows that are new, and fill in what is missing of those we know."""
    transitions.confirm_import(obj=obj, fill_blanks=fill_blanks, by=by, now=now)
    transaction.on_commit(wake_importer)


def wake_importer() -> None:
    """Wake the saving task. With the broker away nothing is lost: the sweep finds the file."""
    from .tasks import save_confirmed_imports

    try:
        save_confirmed_imports.delay()
    except (OperationalError, RedisError):
        logger.warning("broker.unreachable task=save_confirmed_imports")


def save_confirmed(*, now: datetime) -> int:
    """Save all files that somebody confirmed; returns how many rows were looked at.

    Errors: ``ExceptionGroup`` of the files that failed, when the others are saved.
    """
    rows = 0
    problems = Problems("imports")
    confirmed = OrganisationImport.objects.filter(state=ImportState.CONFIRMED)
    for pk in confirmed.values_list("pk", flat=True):
        with problems.of("import", pk):
            while done := save_chunk(pk=pk, now=now):
                rows += done
    problems.raise_any()
    return rows


def save_chunk(*, pk: int, now: datetime) -> int:
    """Save the next rows of one file, and end it behind the last; 0 when nothing is left."""
    with transaction.atomic():
        upload = (
            OrganisationImport.objects.select_for_update()
            .filter(pk=pk, state=ImportState.CONFIRMED)
            .select_related("uploaded_by")
            .first()
        )
        if upload is None:
            return 0
        rows = [Row(**row) for row in upload.rows[upload.done : upload.done + CHUNK]]
        _save_rows(upload, rows, now)
        upload.done += len(rows)
        upload.save(update_fields=["done", "made", "filled", "updated_at"])
        if upload.done >= upload.total:
            transitions.finish_import(obj=upload, now=now)
    return len(rows)


def _save_rows(upload: OrganisationImport, rows: list[Row], now: datetime) -> None:
    """Compare once more, since somebody may have registered one of them meanwhile."""
    wanted = [row for row in rows if row.verdict in {Verdict.NEW, Verdict.MATCH}]
    importing.compare(wanted)
    for row in wanted:
        if row.verdict == Verdict.NEW:
            _make(row, upload.uploaded_by, now)
            upload.made += 1
        elif row.verdict == Verdict.MATCH and upload.fill_blanks:
            upload.filled += _fill(row, upload.uploaded_by, now)


def _make(row: Row, by: User, now: datetime) -> None:
    organisation = Organisation.objects.create(**row.values)
    audit.record(action=AuditAction.CREATED, obj=organisation, by=by, now=now)
    _add_numbers(organisation, row)


def _fill(row: Row, by: User, now: datetime) -> bool:
    """Fill in what is blank; whether anything was."""
    organisation = Organisation.objects.select_for_update().filter(pk=row.match).first()
    if organisation is None:
        return False
    before = audit.snapshot(organisation, FILLED)
    for name in FILLED:
        if not getattr(organisation, name) and row.values.get(name):
            setattr(organisation, name, row.values[name])
    changes: dict[str, Any] = audit.changed(before, audit.snapshot(organisation, FILLED))
    if changes:
        organisation.save()
    if numbers := _add_numbers(organisation, row):
        changes["identifier"] = ["", ", ".join(numbers)]
    if changes:
        audit.record(action=AuditAction.CHANGED, obj=organisation, by=by, now=now, changes=changes)
    return bool(changes)


def _add_numbers(organisation: Organisation, row: Row) -> list[str]:
    added = []
    for scheme, value in row.numbers.items():
        number, made = OrganisationIdentifier.objects.get_or_create(
            scheme=scheme, value=value, defaults={"organisation": organisation}
        )
        if made:
            added.append(str(number))
    return added


def purge_expired(*, now: datetime) -> int:
    """Delete the files whose week is over; returns how many."""
    return OrganisationImport.objects.expired(now).delete()[1].get("partners.OrganisationImport", 0)
