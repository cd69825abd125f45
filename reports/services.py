"""Asking for a report."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core import audit
from core.enums import AuditAction

from .enums import UNFINISHED
from .models import ReportRun
from .registry import ReportKind, report_kinds
from .waking import wake_builder


def ask_for_report(
    *, kind: ReportKind | str, parameters: dict[str, Any], by: Any, now: datetime
) -> ReportRun:
    """The run that makes this report for ``by``; asked again before it is ready, it is one run.

    ``parameters`` are plain JSON data. A worker is woken on commit. Errors: ``PermissionDenied``;
    ``KeyError`` for an unknown kind.
    """
    found = report_kinds.get(kind if isinstance(kind, str) else kind.name)
    run = ReportRun(
        kind=found.name,
        parameters=parameters,
        parameters_hash=hash_parameters(parameters),
        requested_by=by,
        language=getattr(by, "language", settings.LANGUAGE_CODE),
    )
    if not by.has_perm(found.permission, run if found.scoped else None):
        raise PermissionDenied
    try:
        with transaction.atomic():
            run = _unfinished_twin(run) or _save(run, by, now)
    except IntegrityError:
        # The other click of a double click was saved between our look and our insert.
        run = _unfinished_twin(run) or run
        if run.pk is None:
            raise
    transaction.on_commit(wake_builder)
    return run


def _unfinished_twin(run: ReportRun) -> ReportRun | None:
    return ReportRun.objects.filter(
        kind=run.kind,
        requested_by=run.requested_by,
        parameters_hash=run.parameters_hash,
        state__in=UNFINISHED,
    ).first()


def _save(run: ReportRun, by: Any, now: datetime) -> ReportRun:
    run.save()
    audit.record(action=AuditAction.CREATED, obj=run, by=by, now=now)
    return run


def hash_parameters(parameters: dict[str, Any]) -> str:
    """SHA-256 of the parameters, whatever order they were given in."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
