"""What `make test` and `make check` run."""

import os
import subprocess
import sys
from pathlib import Path

from portal import checks, machine

from tests.support.services import REPOSITORY


def make(*arguments):
    """What `make` prints, as for somebody at a prompt: `make test` itself sets MAKEFLAGS."""
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", *arguments],
        cwd=REPOSITORY,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_everything_is_run_without_arguments_and_what_is_asked_for_with_them():
    rooms, embedded, journeys = checks.pytest_runs([])
    assert rooms == checks.Run(["-n", "2", "--ignore=tests/journeys", "tests"])
    assert embedded.environment["DATABASE_URL"].startswith("sqlite:///")
    assert "not slow and not postgresql" in embedded.arguments
    assert journeys == checks.Run(["-n", "2", "tests/journeys"])
    asked = ["tests/core", "-k", "dates"]
    assert checks.pytest_runs(asked) == [checks.Run(asked)]


def test_production_is_checked_with_the_example_and_a_real_key():
    one, other = checks.example_settings(), checks.example_settings()
    assert one["ALLOWED_HOSTS"] == "portal.example.org"
    assert one["DEFAULT_FROM_EMAIL"] == "IMPACT portal <portal@example.org>"
    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert len(one["SECRET_KEY"]) >= 50


def test_continuous_integration_runs_the_checks_and_those_end_with_the_tests():
    assert (REPOSITORY / ".ci" / "run").read_text().splitlines()[-1] == "exec make check"
    assert make("--dry-run", "check").strip() == "python3 bin/check"
    names = [check.name for check in checks.checks(Path(sys.executable), {})]
    assert {"ruff check", "ruff format", "mypy", "import contracts", "templates"} <= set(names)
    assert {"migrations", "production settings"} <= set(names)


def test_the_help_names_every_command():
    commands = [line.split()[1] for line in make("help").splitlines()]
    assert {"run", "test", "check", "fix", "bench", "demo-data", "clean"} <= set(commands)


def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch, capfd):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(machine.sys, "platform", "darwin")
    need = machine.Need("Redis", lambda: False, ("redis-server",), ("redis",))
    try:
        machine.insist([need])
    except SystemExit as stop:
        assert str(stop) == "Missing: Redis.\nInstall with:  brew install redis"
    else:
        raise AssertionError("it went on without Redis")


def test_types_are_checked_where_business_rules_live(tmp_path):
    for name in ("core/apps.py", "core/transitions.py", "core/views.py", "surveys/apps.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "surveys" / "services").mkdir()
    assert checks.typed_files(tmp_path) == ["core/transitions.py", "surveys/services", "bin/portal"]


def test_what_is_there_is_not_installed():
    machine.insist([machine.Need("Python", lambda: True, ("python3",))])
