"""Telling people what became of the report that they asked for."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind
from notifications.services import queue
from reports.enums import RunState
from reports.models import ReportRun

RUN_READY = Kind("reports.run_ready", _("A report is ready"), Promise.AT_LEAST_ONCE)
RUN_FAILED = Kind("reports.run_failed", _("A report could not be made"), Promise.AT_LEAST_ONCE)


def tell_requester(run: ReportRun, now: datetime) -> None:
    """Queue the message to whoever asked for ``run``, in the transaction that finished it."""
    if run.requested_by is None:
        return
    queue(
        kind=RUN_READY if run.state == RunState.READY else RUN_FAILED,
        to=run.requested_by,
        about=run,
        now=now,
        context={"path": run.get_absolute_url()},
    )
