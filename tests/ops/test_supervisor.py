"""Programs run together, are started again when they fall, and leave nobody behind."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from portal.supervisor import Program, Supervisor

from tests.support.services import REPOSITORY, processes_in, started, wait_until

SUPERVISE = REPOSITORY / "tests" / "ops" / "supervise.py"

STAYS = "import time; print('up', flush=True); time.sleep(600)"
WITH_CHILD = (
    "import subprocess, time; subprocess.Popen(['sleep', '600']); "
    "print('up', flush=True); time.sleep(600)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('up', flush=True); time.sleep(600)"
)
FALLS = "print('falling', flush=True); raise SystemExit(3)"


def supervise(folder, *programs):
    """A supervisor of (name, script) programs, in a process of its own."""
    listed = [[name, 1.0, [sys.executable, "-c", script]] for name, script in programs]
    return started([sys.executable, SUPERVISE, json.dumps(listed)], folder)


def nobody_left(folder, seconds=10):
    wait_until(lambda: not processes_in(folder), f"no process left in {folder}", seconds)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_and_leaves_nobody(spaced, number):
    with supervise(spaced, ("first", STAYS), ("second", WITH_CHILD)) as supervisor:
        supervisor.wait_for(r"first +\| up")
        supervisor.wait_for(r"second +\| up")
        assert len(processes_in(spaced)) == 6  # supervisor, two leashes, two programs, one child
        assert supervisor.end(number) == 0
        assert "all stopped" in supervisor.said
        assert processes_in(spaced) == {}


def test_a_program_that_ignores_the_request_to_end_is_ended(spaced):
    with supervise(spaced, ("stubborn", STUBBORN)) as supervisor:
        supervisor.wait_for(r"\| up")
        assert supervisor.end(signal.SIGTERM, seconds=10) == 0
        assert processes_in(spaced) == {}


@pytest.mark.parametrize("script", [STAYS, WITH_CHILD, STUBBORN], ids=["plain", "child", "deaf"])
def test_a_killed_supervisor_leaves_nobody(spaced, script):
    with supervise(spaced, ("one", script)) as supervisor:
        supervisor.wait_for(r"\| up")
        supervisor.end(signal.SIGKILL)
        nobody_left(spaced)


def test_a_killed_leash_takes_its_program_along_and_both_come_back(spaced):
    with supervise(spaced, ("one", WITH_CHILD)) as supervisor:
        supervisor.wait_for(r"\| up")
        leash = next(pid for pid, args in processes_in(spaced).items() if "leash.py" in args)
        before = set(processes_in(spaced))
        os.kill(leash, signal.SIGKILL)
        supervisor.wait_for(r"one stopped .*; starting it again in 1 s")
        supervisor.wait_for(r"(?s)\| up.*\| up")
        assert len(before & set(processes_in(spaced))) == 1  # the supervisor alone
        assert len(processes_in(spaced)) == 4


def test_a_program_that_falls_is_started_again_after_growing_pauses(spaced):
    with supervise(spaced, ("stays", STAYS), ("falls", FALLS)) as supervisor:
        supervisor.wait_for(r"falls stopped \(exit code 3\); starting it again in 1 s")
        supervisor.wait_for(r"falls stopped \(exit code 3\); starting it again in 2 s")
        assert supervisor.said.count("| falling") == 2
        assert supervisor.said.count("| up") == 1


def test_what_somebody_else_runs_is_used_and_started_once_they_stop(tmp_path):
    told, elsewhere = [], threading.Event()
    elsewhere.set()
    supervisor = Supervisor(os.environ, tell=told.append)
    command = [sys.executable, "-c", STAYS]
    supervisor.add(Program("broker", command, tmp_path, up_elsewhere=elsewhere.is_set))
    supervisor.look()
    assert (told, processes_in(tmp_path)) == (["broker is already up: using it"], {})

    elsewhere.clear()
    supervisor.look()
    try:
        wait_until(lambda: "broker | up" in told, "the program says that it is up")
    finally:
        supervisor.stop()
    assert processes_in(tmp_path) == {}


def test_a_program_that_cannot_be_found_is_said_to_have_stopped(tmp_path):
    told = []
    supervisor = Supervisor(os.environ, tell=told.append)
    supervisor.add(Program("web", [str(tmp_path / "absent")], tmp_path))
    process = supervisor.programs[0].process
    assert isinstance(process, subprocess.Popen)
    process.wait(10)
    supervisor.look()
    assert told[-1] == "web stopped (exit code 1); starting it again in 1 s"
    supervisor.stop()
