"""What of reports goes when its time is up."""

from core.retention import Rule, rules

from .building import delete_expired
from .models import ReportFile, ReportRun

RUNS = Rule(frozenset({ReportRun._meta.label, ReportFile._meta.label}), delete_expired)


def register() -> None:
    rules.add("reports.runs", RUNS)
