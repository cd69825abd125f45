"""A real Celery worker, killed while it makes a report."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import RoleKind
from reports.building import build_next
from reports.enums import RunState
from reports.models import ReportRun
from reports.registry import report_kinds
from reports.services import ask_for_report
from reports.transitions import CLAIM_LIFE
from tests.accounts.factories import person_with
from tests.reports.slow_room.apps import SLOW
from tests.support.services import REPOSITORY, started, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def environment(folder: Path) -> dict[str, str]:
    database = settings.DATABASES["default"]
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.reports.slow_room.settings",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(folder / "media"),
    }


@pytest.fixture
def slow():
    """The slow report, known in this process too."""
    report_kinds.add(SLOW.name, SLOW)
    yield SLOW
    del report_kinds._entries[SLOW.name]


def test_run_whose_worker_was_killed_is_made_by_the_next_one(slow, settings, tmp_path):
    """Killed in the middle of reading: progress was seen, and the run is whole in the end."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    staff = person_with(RoleKind.PROGRAMME_STAFF)
    command = [sys.executable, "-m", "celery", "-A", "impact_portal", "worker", "-c", "1"]
    with started([*command, "--loglevel", "INFO"], REPOSITORY, environment(tmp_path)) as worker:
        worker.wait_for("ready")
        run = ask_for_report(kind=slow, parameters={}, by=staff, now=timezone.now())
        wait_until(lambda: ReportRun.objects.get().done > 0, "progress is seen", 60)
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait(10)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.doing) == (RunState.BUILDING, 1, "Reading slowly")
    # Before its time, nobody takes it; as time passes, the next worker does.
    assert build_next(clock=timezone.now) is False
    ReportRun.objects.update(claimed_at=timezone.now() - CLAIM_LIFE * 2)
    (tmp_path / "media").mkdir(exist_ok=True)
    (tmp_path / "media" / "quick").touch()
    make = (
        "import django; django.setup();"
        "from reports.tasks import build_waiting_runs; build_waiting_runs()"
    )
    subprocess.run(
        [sys.executable, "-c", make],
        cwd=REPOSITORY,
        env=environment(tmp_path),
        check=True,
        timeout=60,
    )
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.READY, 2)
    assert [file.kind for file in run.files.all()] == ["xlsx"]
