"""Making reports: files, states, claims, failures, and what is left on the disk."""

import hashlib
import logging
import threading
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from core.transitions import TransitionNotAllowed, transitions_of
from notifications.models import Message
from reports import transitions
from reports.building import build_next, build_waiting, delete_expired
from reports.enums import FileKind, RunState
from reports.models import ReportFile, ReportRun
from reports.progress import Pulse
from reports.services import ask_for_report
from reports.transitions import CLAIM_LIFE, ClaimLost
from tests.reports.factories import ReportRunFactory, kind_known

pytestmark = pytest.mark.django_db


def stored(run: ReportRun) -> list[str]:
    folder = f"reports/{run.pk}"
    return sorted(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else []


def test_waiting_run_becomes_ready_with_a_file_whose_size_and_hash_are_kept(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    assert build_waiting(now=now) == 1
    run.refresh_from_db()
    file = run.files.get()
    content = Path(file.file.path).read_bytes()
    assert (run.state, run.claim, run.figures) == (RunState.READY, None, {"rows": [1, 2, 3]})
    assert (file.kind, file.size) == (FileKind.XLSX, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    sheet = openpyxl.load_workbook(file.file.path).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet] == [["Number"], [1], [2], [3]]
    assert [step.step for step in transitions_of(run)] == ["start", "finish"]
    assert run.keep_until == (now + timedelta(days=365)).date()


def test_ready_run_is_told_to_whoever_asked_once(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    build_waiting(now=now)
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.about) == ("reports.run_ready", staff, run)
    assert f"/reports/{run.pk}/" in message.body
    assert message.subject == "Your report is ready: Counting"


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.DOCX])
def test_other_formats_are_made_from_the_same_sheets(kind, staff, now):
    with kind_known(formats=(kind,)) as report:
        run = ask_for_report(kind=report, parameters={}, by=staff, now=now)
        build_waiting(now=now)
        assert ReportRun.objects.get(pk=run.pk).files.get().kind == kind


def test_failure_says_so_in_plain_words_and_logs_no_words_of_the_error(staff, now, caplog):
    def fail(parameters, progress):
        raise ValueError("Mrs Jones of 1 High Street")

    with kind_known(collect=fail) as kind, caplog.at_level(logging.INFO):
        run = ask_for_report(kind=kind, parameters={}, by=staff, now=now)
        build_waiting(now=now)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.problem == "Something went wrong while we made this report. Try again."
    assert "ValueError" in caplog.text and "test_building.py:" in caplog.text
    assert "Jones" not in caplog.text
    with kind_known():
        assert Message.objects.get().kind == "reports.run_failed"
    assert stored(run) == []


def test_report_that_takes_too_long_says_what_to_do(staff, now):
    def take_too_long(parameters, progress):
        raise SoftTimeLimitExceeded

    with kind_known(collect=take_too_long) as kind:
        run = ask_for_report(kind=kind, parameters={}, by=staff, now=now)
        build_waiting(now=now)
    run.refresh_from_db()
    assert run.problem == "This report took too long to make. Ask for a smaller part of it."


def test_run_of_a_kind_that_is_no_longer_known_fails_politely(staff, now):
    run = ReportRunFactory(kind="forgotten", requested_by=staff)
    build_waiting(now=now)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.FAILED, "This report is no longer made.")


def test_run_left_half_made_is_taken_up_again_once_its_claim_is_old(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    transitions.start(run=run, now=now)
    default_storage.save(f"reports/{run.pk}/left-by-a-killed-worker.xlsx", ContentFile(b"half"))
    assert build_waiting(now=now + CLAIM_LIFE) == 0
    assert build_waiting(now=now + CLAIM_LIFE + timedelta(seconds=1)) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.READY, 2)
    assert stored(run) == [Path(run.files.get().file.name).name]
    assert [step.step for step in transitions_of(run)] == ["start", "take_up", "finish"]


def test_run_that_was_cut_off_after_its_figures_were_frozen_keeps_them(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    ReportRun.objects.filter(pk=run.pk).update(figures={"rows": [7]})
    build_waiting(now=now)
    run.refresh_from_db()
    assert (run.state, run.figures) == (RunState.READY, {"rows": [7]})


def test_run_that_kills_its_worker_each_time_fails_at_the_fourth(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    transitions.start(run=run, now=now)
    ReportRun.objects.filter(pk=run.pk).update(attempts=3)
    build_waiting(now=now + CLAIM_LIFE * 2)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.problem == "We tried three times and could not make this report."


def test_waiting_run_is_claimed_by_one_worker_only(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    transitions.start(run=run, now=now)
    with pytest.raises(TransitionNotAllowed):
        transitions.start(run=run, now=now)
    with pytest.raises(ClaimLost):
        transitions.take_up(run=run, now=now)


def test_worker_whose_claim_was_taken_over_can_neither_finish_nor_fail(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    slow = transitions.start(run=run, now=now)
    transitions.take_up(run=run, now=now + CLAIM_LIFE * 2)
    with pytest.raises(ClaimLost):
        transitions.finish(run=slow, files=[], now=now)
    with pytest.raises(ClaimLost):
        transitions.fail(run=slow, problem="late", now=now)
    run.refresh_from_db()
    assert (run.state, ReportFile.objects.count()) == (RunState.BUILDING, 0)


def test_run_in_welsh_is_made_in_welsh(now, staff):
    staff.language = "cy"
    staff.save()
    seen = []

    def collect(parameters, progress):
        from django.utils.translation import get_language

        seen.append(get_language())
        return {"rows": []}

    with kind_known(collect=collect) as kind:
        ask_for_report(kind=kind, parameters={}, by=staff, now=now)
        build_waiting(now=now)
    assert seen == ["cy"]


def test_old_runs_go_with_their_files_on_the_day_after_their_last(counting, staff, now):
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    build_waiting(now=now)
    run.refresh_from_db()
    path = Path(run.files.get().file.path)
    last = now + timedelta(days=365)
    assert delete_expired(now=last) == 0
    assert delete_expired(now=last + timedelta(days=1)) == 1
    assert not ReportRun.objects.exists()
    assert not path.parent.exists()
    assert delete_expired(now=last + timedelta(days=1)) == 0


def test_nothing_waiting_builds_nothing(now):
    assert build_next(clock=lambda: now) is False


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (RunState.READY, {"figures": None}),
        (RunState.BUILDING, {"claim": None}),
        (RunState.FAILED, {"problem": ""}),
    ],
)
def test_database_refuses_a_state_without_what_belongs_to_it(state, fields, staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRunFactory(state=state, requested_by=staff, **fields)


def test_database_refuses_progress_beyond_the_total(staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRunFactory(done=2, total=1, requested_by=staff)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_by_others_while_the_figures_are_read_as_of_one_moment(now):
    """The collector waits until another connection has seen its progress, and has written."""
    from tests.accounts.factories import UserFactory, person_with

    staff = person_with("programme_staff")
    reading, written, seen = threading.Event(), threading.Event(), []

    def collect(parameters, progress):
        before = ReportRun.objects.count()
        progress(1, 3, "Half way")
        reading.set()
        assert written.wait(10)
        return {"rows": [before, ReportRun.objects.count()]}

    def watch():
        try:
            reading.wait(10)
            for _ in range(100):
                row = ReportRun.objects.values_list("done", "total", "doing").get()
                if row[1]:
                    break
                threading.Event().wait(0.05)
            seen.append(row)
            ReportRunFactory(requested_by=UserFactory(), state=RunState.WAITING, kind="later")
            written.set()
        finally:
            connection.close()

    with kind_known(collect=collect) as kind:
        run = ask_for_report(kind=kind, parameters={}, by=staff, now=now)
        watcher = threading.Thread(target=watch)
        watcher.start()
        build_next(clock=lambda: now)
        watcher.join()
        run.refresh_from_db()
    assert seen == [(1, 3, "Half way")]
    assert (run.state, run.figures) == (RunState.READY, {"rows": [1, 1]})


@pytest.mark.django_db(transaction=True)
def test_pulse_renews_the_claim_and_writes_nothing_for_a_lost_one(now):
    run = ReportRunFactory()
    mine = transitions.start(run=run, now=now)
    later = now + timedelta(minutes=5)
    with Pulse(mine, clock=lambda: later, interval=0.01) as progress:
        progress(9, 3, "More than all")
        for _ in range(500):
            run.refresh_from_db()
            if run.claimed_at == later:
                break
            threading.Event().wait(0.01)
    assert (run.claimed_at, run.done, run.total) == (later, 3, 3)
    other = transitions.take_up(run=run, now=later + CLAIM_LIFE * 2)
    with Pulse(mine, clock=lambda: now, interval=0.01) as progress:
        progress(1, 2, "Too late")
        threading.Event().wait(0.1)
    run.refresh_from_db()
    assert (run.claim, run.doing) == (other.claim, "")
