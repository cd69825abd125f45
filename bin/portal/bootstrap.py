"""The Python environment: made once, brought up to its lock file, and left alone after."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from portal import machine
from portal.paths import ROOT, venv, venv_python
from portal.words import say, step

LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
UV_LOCK = Path(__file__).with_name("uv.lock.txt")


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp_for(kind: str, root: Path = ROOT) -> dict[str, str]:
    """What an environment of `kind` says of itself: the hash of each lock it fulfils.

    The test lock holds every package of the run lock, so a test environment can run the portal.
    """
    kinds = ["run", "test"] if kind == "test" else ["run"]
    return {name: digest(root / LOCKS[name]) for name in kinds}


def read_stamp(environment: Path) -> dict[str, str]:
    """The stamp that the last installation left, or an empty one."""
    try:
        stamp = json.loads((environment / "impact-stamp.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def kind_to_install(wanted: str, stamp: dict[str, str], root: Path = ROOT) -> str | None:
    """Which lock to install, or None when the environment already fulfils `wanted`.

    An environment once made for tests stays one: `make run` takes no packages away.
    """
    if stamp.get(wanted) == stamp_for(wanted, root)[wanted]:
        return None
    return "test" if "test" in stamp else wanted


def works(python: Path) -> bool:
    """Whether `python` starts and is new enough."""
    test = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run([python, "-c", test], check=False, capture_output=True).returncode == 0
        )
    except OSError:
        return False


def _venv_can_be_made() -> bool:
    # Debian ships venv without the ensurepip that it needs.
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def make_environment(environment: Path) -> None:
    """Make an empty virtual environment with pip, in place of whatever is there."""
    if not _venv_can_be_made():
        machine.install([machine.VENV])
    with step("Making the Python environment"):
        _quietly([sys.executable, "-m", "venv", "--clear", str(environment)])


def install_lock(kind: str, python: Path) -> None:
    """Bring the environment to exactly the packages of its lock, hashes checked."""
    if subprocess.run(
        [python, "-m", "uv", "--version"], check=False, capture_output=True
    ).returncode:
        with step("Installing uv, which installs the rest"):
            if subprocess.run(
                [python, "-m", "pip", "--version"], check=False, capture_output=True
            ).returncode:
                _quietly([str(python), "-m", "ensurepip"])
            pip = [
                str(python),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]
            _quietly([*pip, "--require-hashes", "-r", str(UV_LOCK)])
    with step(f"Installing the packages of {LOCKS[kind]}"):
        uv = [str(python), "-m", "uv", "pip", "sync", "--quiet", "--require-hashes"]
        _quietly([*uv, "--python", str(python), str(ROOT / LOCKS[kind])])


def _quietly(command: list[str]) -> None:
    """Run a command; show what it said only if it fails, and then stop."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean
    )
    if done.returncode:
        say(done.stdout)
        raise SystemExit(f"This failed: {' '.join(command)}")


def bootstrap(wanted: str) -> Path:
    """Have the environment that `wanted` ("run" or "test") needs; return its Python."""
    environment, python = venv(), venv_python()
    if not works(python):
        make_environment(environment)
    kind = kind_to_install(wanted, read_stamp(environment))
    if kind:
        install_lock(kind, python)
        (environment / "impact-stamp.json").write_text(json.dumps(stamp_for(kind)))
    return python


def main() -> None:
    """bin/bootstrap [run|test]"""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "run"
    if wanted not in LOCKS:
        raise SystemExit("usage: bin/bootstrap [run|test]")
    bootstrap(wanted)
