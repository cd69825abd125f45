"""A private PostgreSQL and a private Redis for the tests, shared by all runs in a checkout.

What runs is written in .run/test/env as shell assignments. `run` counts its users with a lock:
the last one out stops what was started for them; what `start` started stays until `stop`.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from portal import machine
from portal.paths import ROOT, STATE, private_folder, short_folder
from portal.words import say, step

FOLDER = STATE / "test"
ENV = FOLDER / "env"
KEEP = FOLDER / "keep"
# It stands in sbin, which is not on everybody's PATH.
RUNUSER = shutil.which("runuser", path="/usr/sbin:/sbin:/usr/bin:/bin") or "runuser"
SUPERUSER = "postgres"
SECONDS_TO_START = 30

# These clusters hold nothing worth keeping, so they may lose it at a power cut.
POSTGRES_CONF = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
timezone = 'UTC'
"""

REDIS_CONF = """
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
daemonize yes
logfile log
"""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, what: str) -> None:
    """Wait until `port` answers; stop after SECONDS_TO_START."""
    end = time.monotonic() + SECONDS_TO_START
    while not answers(port):
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not start: see the log in {FOLDER}")
        time.sleep(0.05)


def _passable(folder: Path) -> bool:
    """Whether any user may pass through every parent of `folder`."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents)


class Postgres:
    """A cluster in a folder of its own; run as user postgres when we are root."""

    def __init__(self, folder: Path) -> None:
        self.owner = SUPERUSER if os.getuid() == 0 else None
        self.home = folder
        if self.owner and not _passable(folder):
            between = short_folder("test")
            between.chmod(0o711)
            self.home = between / folder.name
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.pid_file = self.data / "postmaster.pid"

    def command(self, name: str, *arguments: str) -> list[str]:
        """A PostgreSQL program's command line, as the cluster's owner."""
        folder = machine.postgres_bin()
        if folder is None:
            raise SystemExit("PostgreSQL is not installed.")
        command = [str(folder / name), *arguments]
        return [RUNUSER, "-u", self.owner, "--", *command] if self.owner else command

    def start(self) -> str:
        """Start the cluster, made anew when it is not there or broken; return its URL."""
        try:
            return self._start()
        except subprocess.CalledProcessError:
            say("  The test database's files did not start: making them again")
            shutil.rmtree(self.home, ignore_errors=True)
            return self._start()

    def _start(self) -> str:
        password_file = self.home / "password"
        if not (self.data / "impact.conf").exists():
            self._make(password_file)
        port = free_port()
        self._write(self.data / "impact.conf", POSTGRES_CONF.format(port=port))
        self._call("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-s", "start")
        password = password_file.read_text()
        return f"postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/{SUPERUSER}"

    def _make(self, password_file: Path) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True, mode=0o700)
        self._write(password_file, secrets.token_hex(16))
        self._own(self.home)
        options = [
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
        ]
        if sys.platform == "darwin":
            options[2] = "--locale=C"
        self._call(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            SUPERUSER,
            f"--pwfile={password_file}",
            *options,
        )
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write("include_if_exists = 'impact.conf'\n")

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        self._own(path)

    def _own(self, path: Path) -> None:
        if self.owner:
            shutil.chown(path, self.owner, pwd.getpwnam(self.owner).pw_gid)

    def _call(self, name: str, *arguments: str) -> None:
        with (FOLDER / "postgres-tools.log").open("a") as log:
            subprocess.run(
                self.command(name, *arguments),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Stop the cluster if it runs."""
        if self.pid_file.exists():
            arguments = ("-D", str(self.data), "-m", "immediate", "-w", "-s", "stop")
            subprocess.run(
                self.command("pg_ctl", *arguments), cwd=self.home, check=False, capture_output=True
            )


class Redis:
    """A Redis with a password that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.conf = folder / "redis.conf"

    def start(self) -> str:
        """Start it on a free port; return its URL."""
        private_folder(self.home)
        port, password = free_port(), secrets.token_hex(16)
        # A file, since a command line can be read by everyone on the machine.
        self.conf.touch(mode=0o600)
        self.conf.write_text(REDIS_CONF.format(port=port, password=password))
        (self.home / "log").unlink(missing_ok=True)
        command = [machine.redis_server(), self.conf.name]
        subprocess.run(command, cwd=self.home, stdin=subprocess.DEVNULL, check=True)
        wait_for_port(port, "Redis")
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def stop(self) -> None:
        """Stop it if it runs.

        It is told so over its own connection, with its own password: a process id kept in a
        file may by now belong to somebody else's server.
        """
        try:
            conf = dict(line.split(" ", 1) for line in self.conf.read_text().split("\n") if line)
            with socket.create_connection(("127.0.0.1", int(conf["port"])), 2) as connection:
                connection.sendall(f"AUTH {conf['requirepass']}\r\nSHUTDOWN NOSAVE\r\n".encode())
                while connection.recv(1024):
                    pass
        except OSError:
            return


def read_env() -> dict[str, str]:
    """The addresses in .run/test/env; empty when nothing is started."""
    try:
        lines = ENV.read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {
        name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)
    }


def alive() -> bool:
    """Whether both servers of .run/test/env accept connections."""
    urls = read_env().values()
    return bool(urls) and all(answers(urlsplit(url).port or 0) for url in urls)


def servers() -> tuple[Postgres, Redis]:
    """The two servers of this checkout, running or not."""
    return Postgres(FOLDER / "pg"), Redis(FOLDER / "redis")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the lock under which services are started and stopped."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start() -> dict[str, str]:
    """Start what is not running, write .run/test/env, return its addresses."""
    machine.insist(machine.TEST_NEEDS)
    if alive():
        return read_env()
    postgres, redis = servers()
    _stop_servers()
    with step("Starting PostgreSQL and Redis for the tests"):
        urls = {"DATABASE_URL": postgres.start(), "REDIS_URL": redis.start()}
    ENV.touch(mode=0o600)
    ENV.write_text("".join(f"{name}={shlex.quote(url)}\n" for name, url in urls.items()))
    return urls


def _stop_servers() -> None:
    ENV.unlink(missing_ok=True)
    for server in servers():
        server.stop()


def start_and_keep() -> None:
    """`start`: they stay up until `stop`."""
    with _one_at_a_time():
        start()
        KEEP.touch()
    say(f"  The tests' PostgreSQL and Redis are up; their addresses are in {ENV}")


def stop() -> None:
    """`stop`: stop both."""
    with _one_at_a_time():
        KEEP.unlink(missing_ok=True)
        _stop_servers()


def clean() -> None:
    """`clean`: stop both and remove their files."""
    stop()
    for server in servers():
        shutil.rmtree(server.home, ignore_errors=True)
        with suppress(OSError):  # the short folder goes once it is empty; .run/test has a lock
            server.home.parent.rmdir()


def run(command: list[str]) -> int:
    """`run`: run `command` with the services up and their addresses in its environment."""
    with in_use() as urls:
        return call({**os.environ, **urls}, command)


@contextmanager
def in_use() -> Iterator[dict[str, str]]:
    """The services' addresses, for as long as the block lasts."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "users").open("w") as users:
        with _one_at_a_time():
            urls = start()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield urls
        finally:
            _leave(users)


def _leave(users: TextIO) -> None:
    with _one_at_a_time():
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not KEEP.exists():
            _stop_servers()


def call(environment: dict[str, str], command: list[str]) -> int:
    """Run a command, handing on Ctrl-C and SIGTERM; return its exit code."""
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    previous = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        while True:
            try:
                code = process.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:
                continue
    finally:
        signal.signal(signal.SIGTERM, previous)


def main() -> None:
    """bin/services start | stop | clean | env | run -- COMMAND"""
    match sys.argv[1:]:
        case ["start"]:
            start_and_keep()
        case ["stop"]:
            stop()
        case ["clean"]:
            clean()
        case ["env"] if alive():
            print(ENV.read_text(), end="")
        case ["env"]:
            raise SystemExit("The services are not up: bin/services start")
        case ["run", "--", *command] if command:
            sys.exit(run(command))
        case _:
            raise SystemExit("usage: bin/services start | stop | clean | env | run -- COMMAND")
