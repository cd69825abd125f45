"""The tests' own PostgreSQL and Redis start, are shared, and stop with the last to use them."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis
from portal.services import answers

from tests.support.services import REPOSITORY, started, wait_until

pytestmark = pytest.mark.enable_socket

SHOW = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True)"
HOLD = SHOW + "; import time; time.sleep(600)"


@pytest.fixture
def services(spaced):
    """bin/services of a copy of the machinery, so that this checkout's own are left alone."""
    shutil.copytree(REPOSITORY / "bin", spaced / "bin")
    command = [sys.executable, str(spaced / "bin" / "services")]
    yield command
    subprocess.run([*command, "clean"], check=True, capture_output=True)


def port(url):
    return int(url.rsplit(":", 1)[1].split("/")[0])


def run(services, script):
    return started([*services, "run", "--", sys.executable, "-c", script], REPOSITORY)


def test_a_command_finds_both_servers_and_they_stop_after_it(services):
    check = (
        "import os, psycopg2, redis\n"
        "psycopg2.connect(os.environ['DATABASE_URL']).close()\n"
        "redis.Redis.from_url(os.environ['REDIS_URL']).ping()\n" + SHOW + "\nsys.exit(7)"
    )
    with run(services, check) as one:
        urls = one.wait_for(r"(postgres:\S+) (redis:\S+)").groups()
        assert one.process.wait(30) == 7
    wait_until(lambda: not any(answers(port(url)) for url in urls), "both have stopped")


def test_the_last_of_two_users_stops_them(services):
    with run(services, HOLD) as first, run(services, HOLD) as second:
        urls = first.wait_for(r"(postgres:\S+) (redis:\S+)").groups()
        assert second.wait_for(r"(postgres:\S+) (redis:\S+)").groups() == urls
        first.end(signal.SIGTERM)
        assert all(answers(port(url)) for url in urls)
        second.end(signal.SIGTERM)
        assert not answers(port(urls[0]))


def test_what_was_started_to_stay_survives_a_run_and_needs_its_password(services):
    subprocess.run([*services, "start"], check=True, capture_output=True)
    shown = subprocess.run([*services, "env"], check=True, capture_output=True, text=True).stdout
    urls = dict(line.split("=", 1) for line in shown.split())
    with run(services, SHOW) as one:
        one.wait_for("postgres:")
        assert one.process.wait(30) == 0
    database, broker = urls["DATABASE_URL"], urls["REDIS_URL"]
    with redis.Redis(port=port(broker)) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=port(database), user="postgres", password="guess")
    psycopg2.connect(database).close()
    subprocess.run([*services, "stop"], check=True, capture_output=True)
    assert not answers(port(database))


def test_files_that_no_longer_start_are_made_again(services, spaced):
    with run(services, SHOW) as one:
        one.wait_for("postgres:")
        one.process.wait(30)
    control = [
        path
        for base in (spaced / ".run" / "test", *homes(spaced))
        for path in base.glob("pg/data/global/pg_control")
    ]
    assert len(control) == 1
    control[0].write_bytes(b"harmed")
    with run(services, SHOW) as one:
        one.wait_for("making them again")
        assert one.process.wait(60) == 0


def homes(checkout):
    """Where a root user's cluster stands when its checkout is closed to other users."""
    script = "from portal.paths import short_folder; print(short_folder('test'))"
    environment = {**os.environ, "PYTHONPATH": str(checkout / "bin")}
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(shown.stdout.strip())]
