"""Registers a report that takes its time, until a file says that it may be quick."""

import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings

from reports.enums import FileKind
from reports.registry import Progress, ReportKind, register_report, report_kinds


def read_slowly(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    for step in range(1, 200):
        progress(step, 200, "Reading slowly")
        if (Path(settings.MEDIA_ROOT) / "quick").exists():
            break
        time.sleep(0.1)
    return {"rows": [1]}


SLOW = ReportKind(
    name="slow",
    title="Slow",
    description="Takes its time.",
    permission="reports.make_programme_overview",
    collect=read_slowly,
    template="reports/pdf/base.html",
    sheets=lambda figures: [("Rows", ["Row"], [[row] for row in figures["rows"]])],
    formats=(FileKind.XLSX,),
)


class SlowRoomConfig(AppConfig):
    name = "tests.reports.slow_room"
    label = "slow_room"

    def ready(self) -> None:
        if SLOW.name not in report_kinds:
            register_report(SLOW)
