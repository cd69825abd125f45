"""A database of its own, and one gunicorn worker that serves both sides of each comparison."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

import psycopg2
from django.conf import settings

NAME = "impact_bench"


def address_of_own_database(url: str) -> str:
    """``url`` with the benchmarks' own database in place of its own."""
    return f"{url.rpartition('/')[0]}/{NAME}"


def make_database(url: str) -> None:
    """An empty database for the benchmarks; an old one is removed. ``url``: any on the server."""
    connection = psycopg2.connect(f"{url.rpartition('/')[0]}/postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{NAME}"')
    finally:
        connection.close()


def prepare() -> None:
    """An empty, migrated database of the benchmarks' own, and Django set up to use it.

    Errors: ``SystemExit`` where ``DATABASE_URL`` is not of PostgreSQL.
    """
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        sys.exit("The benchmarks need PostgreSQL: run them through make bench or bin/services.")
    make_database(url)
    os.environ["DATABASE_URL"] = address_of_own_database(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django
    from django.core.management import call_command

    django.setup()
    say("making the tables")
    call_command("migrate", verbosity=0)


def say(what: str) -> None:
    """Tell at once what goes on: a benchmark that is silent for minutes looks hung, and one that
    is stopped then leaves nothing."""
    print(f"... {what}", file=sys.stderr, flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(*, threads: int = 1) -> Iterator[int]:
    """Serve the portal with one worker; gives the port, and stops at the end."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "impact_portal.wsgi", "-b", f"127.0.0.1:{port}"]
    command += [
        "--workers",
        "1",
        "--threads",
        str(threads),
        "-k",
        "gthread",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ})
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
