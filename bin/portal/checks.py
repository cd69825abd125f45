"""The tests, and every check that comes before them."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.bootstrap import bootstrap
from portal.paths import ROOT, STATE
from portal.services import call, in_use
from portal.words import say

JOURNEYS = "tests/journeys"
# Where the tests note which addresses they have opened (tests/support/visited.py).
VISITED = ROOT / ".run" / "visited"


def test_environment(python: Path, urls: dict[str, str]) -> dict[str, str]:
    """The environment that tests run in: the venv first on PATH, the services' addresses.

    Tests start dozens of processes, each of which would compile the same 1,800 files anew where
    nobody may write them beside their source: a folder of our own keeps them.
    """
    given = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {
        "PYTHONPYCACHEPREFIX": str(STATE / "bytecode"),
        **given,
        **urls,
        "DJANGO_SETTINGS_MODULE": "impact_portal.settings.test",
        "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


@dataclass(frozen=True)
class Run:
    """One run of pytest: its arguments and what it adds to the environment."""

    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def pytest_runs(arguments: list[str]) -> list[Run]:
    """The pytest runs to make: what was asked for, or everything.

    Everything is: all but the journeys on PostgreSQL; the rooms' tests again on SQLite, which the
    embedded default runs on (not those of the source, of operation, and of who may open what, which
    no database changes); then the journeys, two at a time.
    """
    if arguments:
        return [Run(arguments)]
    rooms = ["-n", "2", f"--ignore={JOURNEYS}", "tests"]
    ignored = [f"--ignore=tests/{name}" for name in ("ops", "guards", "security")]
    embedded = ["-m", "not slow and not postgresql", *ignored]
    return [
        Run(rooms),
        Run([*rooms, *embedded], {"DATABASE_URL": f"sqlite:///{STATE / 'test' / 'unit.sqlite3'}"}),
        Run(["-n", "2", JOURNEYS]),
    ]


def run_tests(arguments: list[str]) -> int:
    """Run pytest with its services up; return the first exit code that is not 0."""
    python = bootstrap("test")
    codes = []
    with in_use() as urls:
        environment = test_environment(python, urls)
        shutil.rmtree(VISITED, ignore_errors=True)
        for run in pytest_runs(arguments):
            say(f"\npytest {' '.join(run.arguments)}")
            command = [str(python), "-m", "pytest", *run.arguments]
            codes.append(call({**environment, **run.environment}, command))
            if codes[-1] == 2:  # pytest's code for Ctrl-C
                break
        if not arguments and not any(codes):
            codes.append(call(environment, [str(python), "-m", "tests.support.visited"]))
    return next((code for code in codes if code), 0)


@dataclass(frozen=True)
class Check:
    """One check: its command and what it adds to the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def example_settings(path: Path = ROOT / "deploy" / "env.example") -> dict[str, str]:
    """The variables of deploy/env.example, with a real secret key in place of the blank."""
    lines = path.read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    values = {name.strip(): value.strip() for name, _, value in pairs}
    return {**values, "SECRET_KEY": secrets.token_urlsafe(64)}


def typed_files(root: Path = ROOT) -> list[str]:
    """What mypy checks: where business rules live, as a module or a package, and the machinery."""
    names = ("services", "selectors", "transitions", "reminders")
    rooms = [path.parent for path in root.glob("*/apps.py")]
    found = [
        path
        for room in sorted(rooms)
        for name in names
        for path in (room / f"{name}.py", room / name)
        if path.exists()
    ]
    return [str(path.relative_to(root)) for path in found] + ["bin/portal"]


def checks(python: Path, urls: dict[str, str]) -> list[Check]:
    """Every check but the tests, in the order in which they run."""
    module = [str(python), "-m"]
    manage = [str(python), "manage.py"]
    production = {
        **example_settings(),
        **urls,
        "DJANGO_SETTINGS_MODULE": "impact_portal.settings.production",
    }
    found = [
        Check("ruff check", [*module, "ruff", "check", "."]),
        Check("ruff format", [*module, "ruff", "format", "--check", "."]),
        Check("import contracts", [str(python.parent / "lint-imports")]),
        Check("mypy", [*module, "mypy", *typed_files()]),
        Check(
            "templates",
            [*module, "djlint", "templates", "--check", "--lint", "--quiet"],
        ),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check(
            "production settings",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    ]
    return found + compose_check()


def compose_check() -> list[Check]:
    """The check of docker-compose.yml by docker itself, where docker compose is installed."""
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run(
            [docker, "compose", "version"], check=False, capture_output=True
        ).returncode
    ):
        say("docker compose is not installed: tests/ops checks docker-compose.yml without it")
        return []
    command = ["compose", "--env-file", "deploy/env.example", "config", "--quiet"]
    return [Check("docker-compose.yml", [docker, *command])]


def run_checks() -> list[str]:
    """Run every check; return the names of those that failed."""
    python = bootstrap("test")
    failed = []
    with in_use() as urls:
        environment = test_environment(python, urls)
        for check in checks(python, urls):
            say(f"\n{check.name}")
            began = time.monotonic()
            code = call({**environment, **check.environment}, check.command)
            say(f"{check.name}: {'failed' if code else 'ok'}, {time.monotonic() - began:.1f} s")
            if code:
                failed.append(check.name)
    return failed


def test_main() -> None:
    """bin/test [arguments for pytest]"""
    sys.exit(run_tests(sys.argv[1:]))


def check_main() -> None:
    """bin/check"""
    with in_use():  # the services stay up from the checks to the tests
        failed = run_checks()
        code = run_tests([])
    if failed:
        raise SystemExit(f"These checks failed: {', '.join(failed)}")
    sys.exit(code)
