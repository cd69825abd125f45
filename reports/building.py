"""Making the files of a report run, outside of any request."""

import logging
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.transitions import TransitionNotAllowed

from . import transitions
from .enums import FileKind, RunState
from .models import ReportRun, run_folder
from .progress import Pulse
from .registry import ReportKind, report_kinds
from .rendering import render
from .transitions import CLAIM_LIFE, ClaimLost

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
MAX_ATTEMPTS = 3


def build_waiting(*, now: datetime) -> int:
    """Make all runs that wait at ``now``; returns how many were taken on."""
    count = 0
    while build_next(clock=lambda: now):
        count += 1
    return count


def build_next(*, clock: Clock) -> bool:
    """Make one run that waits, or that a crash left half made; whether there was one.

    Safe in several workers at once: each claims its own run, and one whose claim was taken over
    keeps nothing of what it made.
    """
    run = _claim(clock())
    if run is None:
        return False
    with translation.override(run.language):
        try:
            _build(run, clock)
        except ClaimLost:
            logger.warning("report.claim_lost id=%s", run.pk)
    return True


def _claim(now: datetime) -> ReportRun | None:
    waiting = Q(state=RunState.WAITING)
    broken = Q(state=RunState.BUILDING, claimed_at__lt=now - CLAIM_LIFE)
    for run in ReportRun.objects.filter(waiting | broken).order_by("id")[:20]:
        step = transitions.start if run.state == RunState.WAITING else transitions.take_up
        try:
            return step(run=run, now=now)
        except (TransitionNotAllowed, ClaimLost, ReportRun.DoesNotExist):
            continue  # Another worker was first.
    return None


def _build(run: ReportRun, clock: Clock) -> None:
    if run.kind not in report_kinds:
        _give_up(run, _("This report is no longer made."), clock)
        return
    if run.attempts > MAX_ATTEMPTS:
        _give_up(run, _("We tried three times and could not make this report."), clock)
        return
    kind = report_kinds.get(run.kind)
    try:
        with Pulse(run, clock) as progress:
            _collect(run, kind, progress)
            files = _make_files(run, kind, progress)
        transitions.finish(run=run, files=files, now=clock())
    except ClaimLost:
        raise
    except SoftTimeLimitExceeded:
        logger.warning("report.too_long id=%s kind=%s", run.pk, run.kind)
        _give_up(run, _("This report took too long to make. Ask for a smaller part of it."), clock)
    except Exception as error:  # whatever a room's own code raises, the person must hear of it
        _log(run, error)
        _give_up(run, _("Something went wrong while we made this report. Try again."), clock)
    else:
        _remove_files(run, keep={name for _kind, name, _size, _hash in files})


def _log(run: ReportRun, error: Exception) -> None:
    """Where it happened, but not the error's words: they may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    logger.error(
        "report.failed id=%s kind=%s problem=%s at=%s",
        run.pk,
        run.kind,
        type(error).__name__,
        where,
    )


def _give_up(run: ReportRun, problem: str, clock: Clock) -> None:
    transitions.fail(run=run, problem=problem, now=clock())
    _remove_files(run, keep=set())


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is as it stood at one moment, so that every table adds up.

    SQLite would hold up all writers for as long: there each query sees its own moment.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _collect(run: ReportRun, kind: ReportKind, progress: Pulse) -> None:
    """Read the figures, once, and freeze them: a run that was cut off later keeps its figures."""
    if run.figures is not None:
        return
    with _one_moment():
        figures = kind.collect(run.parameters, progress)
    mine = ReportRun.objects.filter(pk=run.pk, claim=run.claim)
    if not mine.update(figures=figures):
        raise ClaimLost
    run.figures = figures


def _make_files(
    run: ReportRun, kind: ReportKind, progress: Pulse
) -> list[tuple[FileKind, str, int, str]]:
    files = []
    with tempfile.TemporaryDirectory(prefix="impact-report-") as folder:
        for place, file_kind in enumerate(kind.formats):
            words = _("Making the %(kind)s file") % {"kind": FileKind(file_kind).label}
            progress(place, len(kind.formats), words)
            path = Path(folder) / f"{run.claim}.{file_kind}"
            size, sha256 = render(kind, run, file_kind, path)
            with path.open("rb") as content:
                name = f"{run_folder(run.pk)}/{path.name}"
                stored = default_storage.save(name, File(content))
            files.append((file_kind, stored, size, sha256))
    return files


def _remove_files(run: ReportRun, keep: set[str]) -> None:
    """Empty the run's folder, save for ``keep``: what a killed worker left goes with this."""
    folder = run_folder(run.pk)
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        if (path := f"{folder}/{name}") not in keep:
            default_storage.delete(path)


def delete_expired(*, now: datetime) -> int:
    """Delete runs whose time is over, files first: a cut-off leaves no file without its run."""
    expired = ReportRun.objects.filter(keep_until__lt=timezone.localdate(now))
    count = 0
    for run in expired.exclude(state__in=[RunState.WAITING, RunState.BUILDING]):
        _remove_files(run, keep=set())
        default_storage.delete(run_folder(run.pk))
        run.delete()
        count += 1
    return count
