"""The steps of a report run. The portal itself takes them all; ``claim`` says which worker."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import Step, state_table, transition

from .enums import FileKind, RunState
from .models import ReportFile, ReportRun
from .registry import report_kinds, run_listeners

# A living worker renews its claim each second or so: one this old is of a worker that is gone.
CLAIM_LIFE = timedelta(seconds=60)
FAILED_KEPT = timedelta(days=30)

TABLE = state_table(
    Step("start", frozenset({RunState.WAITING}), RunState.BUILDING, _("Start"), None),
    Step("take_up", frozenset({RunState.BUILDING}), RunState.BUILDING, _("Begin again"), None),
    Step("finish", frozenset({RunState.BUILDING}), RunState.READY, _("Finish"), None),
    Step("fail", frozenset({RunState.BUILDING}), RunState.FAILED, _("Give up"), None),
)


class ClaimLost(Exception):
    """Another worker has this run now; what this one made of it is of no use."""


def start(*, run: ReportRun, now: datetime) -> ReportRun:
    """Claim a waiting run. Errors: ``TransitionNotAllowed`` when another worker was first."""
    return transition(
        obj=run, step=TABLE["start"], by=None, now=now, apply=lambda row: _claim(row, now)
    )


def take_up(*, run: ReportRun, now: datetime) -> ReportRun:
    """Claim a run whose worker is gone. Errors: ``ClaimLost`` when its claim is alive."""

    def claim_if_dead(row: ReportRun) -> None:
        if row.claimed_at is None or row.claimed_at >= now - CLAIM_LIFE:
            raise ClaimLost
        _claim(row, now)

    return transition(obj=run, step=TABLE["take_up"], by=None, now=now, apply=claim_if_dead)


def _claim(row: ReportRun, now: datetime) -> None:
    row.claim = uuid.uuid4()
    row.claimed_at = now
    row.attempts += 1
    row.done = row.total = 0
    row.doing = ""


def finish(
    *, run: ReportRun, files: list[tuple[FileKind, str, int, str]], now: datetime
) -> ReportRun:
    """The run is ready. ``files``: kind, stored name, bytes, SHA-256. Errors: ``ClaimLost``."""
    keep_days = report_kinds.get(run.kind).keep_days

    def complete(row: ReportRun) -> None:
        _hold(row, run.claim)
        row.done = row.total
        row.doing = ""
        row.keep_until = timezone.localdate(now + timedelta(days=keep_days)) if keep_days else None

    def keep_files(row: ReportRun) -> None:
        ReportFile.objects.bulk_create(
            ReportFile(run=row, kind=kind, file=name, size=size, sha256=sha256)
            for kind, name, size, sha256 in files
        )
        _tell(row, now)

    return transition(
        obj=run, step=TABLE["finish"], by=None, now=now, apply=complete, then=keep_files
    )


def fail(*, run: ReportRun, problem: str, now: datetime) -> ReportRun:
    """The run could not be made; ``problem`` says so in plain words. Errors: ``ClaimLost``."""

    def give_up(row: ReportRun) -> None:
        _hold(row, run.claim)
        row.problem = problem
        row.keep_until = timezone.localdate(now + FAILED_KEPT)

    return transition(
        obj=run,
        step=TABLE["fail"],
        by=None,
        now=now,
        apply=give_up,
        then=lambda row: _tell(row, now),
    )


def _hold(row: ReportRun, claim: uuid.UUID | None) -> None:
    if row.claim != claim:
        raise ClaimLost
    row.claim = None


def _tell(row: ReportRun, now: datetime) -> None:
    for listen in run_listeners:
        listen(row, now)
