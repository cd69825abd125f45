"""What pages show of reports, here and in the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from .enums import FileKind, RunState
from .models import ReportFile, ReportRun
from .registry import ReportKind, report_kinds
from .services import hash_parameters


@dataclass(frozen=True)
class RunPanel:
    """A run as ``reports/partials/run.html`` shows it: how far it is, or its files."""

    run: ReportRun
    words: str
    files: Sequence[ReportFile]

    @property
    def is_unfinished(self) -> bool:
        return self.run.is_unfinished

    @property
    def is_ready(self) -> bool:
        return self.run.state == RunState.READY

    @property
    def maximum(self) -> int:
        return self.run.total or 1


def run_panel(run: ReportRun) -> RunPanel:
    """How ``run`` is shown, for a person who may see it. One query, for the files."""
    ready = run.state == RunState.READY
    return RunPanel(run=run, words=_words(run), files=list(run.files.all()) if ready else [])


def _words(run: ReportRun) -> str:
    if run.state == RunState.BUILDING and run.doing:
        if run.total > 1:
            return _("%(doing)s: step %(next)s of %(total)s") % {
                "doing": run.doing,
                "next": min(run.done + 1, run.total),
                "total": run.total,
            }
        return run.doing
    return str(RunState(run.state).label)


def latest_run(*, kind: ReportKind | str, parameters: dict[str, Any], by: Any) -> ReportRun | None:
    """The newest run that ``by`` asked for with these parameters."""
    name = kind if isinstance(kind, str) else kind.name
    return ReportRun.objects.filter(
        kind=name, requested_by=by, parameters_hash=hash_parameters(parameters)
    ).first()


def kinds_open_to(user: Any) -> list[ReportKind]:
    """The reports that ``user`` may ask for from the list of reports."""
    return [kind for kind in report_kinds if not kind.scoped and user.has_perm(kind.permission)]


def own_runs(user: Any) -> models.QuerySet[ReportRun]:
    """The runs of ``user``, without their figures, which may be long."""
    return ReportRun.objects.filter(requested_by_id=user.pk).defer("figures")


def file_of(run: ReportRun, file_kind: str) -> ReportFile | None:
    """The finished file of that kind."""
    return run.files.filter(kind=file_kind).first() if file_kind in FileKind.values else None


def runs_of_person(person: Any) -> dict[str, Any]:
    """What this room holds about ``person``."""
    runs = own_runs(person).order_by("id")
    return {
        "reports_asked_for": [
            {"report": str(run), "asked": run.created_at.isoformat(), "state": run.state}
            for run in runs
        ]
    }
