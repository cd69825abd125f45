"""make run: the whole portal on one machine, with nothing to install by hand."""

from __future__ import annotations

import fcntl
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import machine
from portal.bootstrap import bootstrap
from portal.broker import answers as broker_answers
from portal.broker import broker, broker_socket, broker_url
from portal.paths import ROOT, STATE, private_folder
from portal.services import answers as port_answers
from portal.supervisor import Program, Supervisor
from portal.words import say, step

FIRST_PORT, LAST_PORT = 8000, 8099
SECONDS_TO_WAIT = 60


def choose_port() -> int:
    """PORT if given, else the first free port from 8000."""
    given = os.environ.get("PORT")
    if given:
        if not given.isdigit() or not 0 < int(given) < 65536:
            raise SystemExit(f"PORT={given} is no port number.")
        if port_answers(int(given)):
            raise SystemExit(f"Something already listens on port {given}: choose another PORT.")
        return int(given)
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if not port_answers(port):
            return port
    raise SystemExit(f"Every port from {FIRST_PORT} to {LAST_PORT} is taken: choose a PORT.")


@contextmanager
def only_run() -> Iterator[Path]:
    """Hold this checkout's one place; if another run holds it, say where that one is and end."""
    note = private_folder(STATE) / "run.lock"
    with note.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            say(f"The portal already runs from this folder: {lock.read().strip() or 'starting'}")
            sys.exit(0)
        lock.truncate(0)
        yield note
        lock.truncate(0)


def programs(python: Path, port: int) -> list[Program]:
    """Web, worker and beat."""
    module = [str(python), "-m"]
    gunicorn = [
        *module, "gunicorn", "impact_portal.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "8", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    celery = [*module, "celery", "--app", "impact_portal", "--quiet"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]
    # There is one worker: looking for others at the start costs it a second.
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    return [
        Program("web", gunicorn, ROOT),
        Program("worker", worker, ROOT),
        Program("beat", beat, ROOT),
    ]


def healthy(address: str) -> bool:
    """Whether the portal at `address` answers that it is well."""
    try:
        with urllib.request.urlopen(f"{address}/health/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait(supervisor: Supervisor, ready: Callable[[], bool], what: str) -> None:
    """Look after the programs until `ready()` is true; give up after SECONDS_TO_WAIT."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while not supervisor.stop_asked and not ready():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not start within {SECONDS_TO_WAIT} seconds: see above.")
        supervisor.look()
        time.sleep(0.1)


def welcome(address: str) -> None:
    """Say where the portal is and how to sign in."""
    say(f"\nThe portal is at {address}\n")
    say((STATE / "sign-ins.txt").read_text().rstrip())
    if not machine.PDF.present():
        say(f"\nPDF reports need one thing more:  {machine.how_to_install([machine.PDF])}")
    say("\nPress Ctrl-C to stop it.\n")


def bring_up(supervisor: Supervisor, python: Path, port: int, note: Path) -> None:
    """Start everything in order and say when it is ready."""
    address = f"http://127.0.0.1:{port}"
    if "REDIS_URL" not in supervisor.environment:
        socket_file = broker_socket()
        supervisor.environment["REDIS_URL"] = broker_url(socket_file)
        supervisor.add(broker(python, socket_file))
        wait(supervisor, lambda: broker_answers(socket_file), "The broker")
    code = supervisor.run_once([str(python), "-m", "portal.prepare"], ROOT)
    if code:
        raise SystemExit("The portal could not be prepared: see above.")
    if supervisor.stop_asked:
        return
    with step("Starting web, worker and beat"):
        for program in programs(python, port):
            supervisor.add(program)
        wait(supervisor, lambda: healthy(address), "The web server")
    if not supervisor.stop_asked:
        note.write_text(address)
        welcome(address)


def for_this_machine() -> dict[str, str]:
    """What macOS needs: leave for the worker to fork, and the way to Homebrew's Pango."""
    if sys.platform != "darwin":
        return {}
    return {
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
        "DYLD_FALLBACK_LIBRARY_PATH": "/opt/homebrew/lib:/usr/local/lib:/usr/lib",
    }


def main() -> None:
    """Run until Ctrl-C."""
    say("Starting the IMPACT portal")
    with only_run() as note:
        python = bootstrap("run")
        port = choose_port()
        environment = {"PORTAL_BASE_URL": f"http://127.0.0.1:{port}", **os.environ}
        environment.update(for_this_machine())
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        environment["PYTHONUNBUFFERED"] = "1"
        supervisor = Supervisor(environment)
        supervisor.listen_to_signals()
        try:
            bring_up(supervisor, python, port, note)
            supervisor.look_after()
        finally:
            say("Stopping the portal")
            supervisor.stop()
            say("Stopped; nothing is left running")
