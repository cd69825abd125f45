"""What the machine must have, and how to get what it lacks."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.words import say, step


@dataclass(frozen=True)
class Need:
    """Something that pip cannot install, and the packages that bring it."""

    name: str
    present: Callable[[], bool]
    debian: tuple[str, ...]
    brew: tuple[str, ...] = ()


def postgres_bin() -> Path | None:
    """The folder with initdb and postgres, newest version first; None if there is none."""
    patterns = (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
    )
    found = [
        folder
        for base, pattern in patterns
        for folder in Path(base).glob(pattern)
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    if found:
        return max(found, key=_version)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _version(folder: Path) -> int:
    digits = "".join(c for c in folder.parent.name if c.isdigit())
    return int(digits or 0)


def redis_server() -> str:
    """The redis-server program; stops when there is none."""
    found = shutil.which("redis-server")
    if found is None:
        raise SystemExit("redis-server is not on PATH.")
    return found


def on_path(*names: str) -> Callable[[], bool]:
    """A test for any one of the programs `names`."""
    return lambda: any(shutil.which(name) for name in names)


def loads(*libraries: str) -> Callable[[], bool]:
    """A test for shared libraries, all of them; each given by its Debian file name."""

    def test() -> bool:
        for library in libraries:
            try:
                ctypes.CDLL(library)
            except OSError:
                return False
        return True

    return test


def _pango() -> bool:
    if sys.platform == "darwin":
        folders = ("/opt/homebrew/lib", "/usr/local/lib")
        return any(Path(folder, "libpango-1.0.dylib").exists() for folder in folders)
    return loads("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")()


def _chromium() -> bool:
    return (
        on_path("chromium", "chromium-browser", "google-chrome")()
        or Path("/Applications/Chromium.app").exists()
    )


PDF = Need(
    "the libraries that draw PDF reports (Pango)",
    _pango,
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    ("pango",),
)

TEST_NEEDS = (
    Need(
        "PostgreSQL",
        lambda: postgres_bin() is not None,
        ("postgresql",),
        ("postgresql@17",),
    ),
    Need("Redis", on_path("redis-server"), ("redis-server",), ("redis",)),
    Need("Chromium", _chromium, ("chromium",), ("--cask chromium",)),
    PDF,
    Need(
        "the DejaVu fonts",
        lambda: sys.platform == "darwin" or Path("/usr/share/fonts/truetype/dejavu").is_dir(),
        ("fonts-dejavu-core",),
    ),
    Need("gettext", on_path("msgfmt"), ("gettext",), ("gettext",)),
    Need("npm", on_path("npm"), ("nodejs", "npm"), ("node",)),
)

VENV = Need("Python's venv module", lambda: True, ("python3-venv",), ("python@3.13",))


def as_root() -> list[str] | None:
    """How to run a command as root: nothing before it, sudo, or None if it cannot be done."""
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return [sudo, "-n"]
    return None


def how_to_install(needs: Iterable[Need]) -> str:
    """The one command that installs `needs` on this kind of machine."""
    if sys.platform == "darwin":
        return "brew install " + " ".join(name for need in needs for name in need.brew)
    return "sudo apt-get install " + " ".join(name for need in needs for name in need.debian)


def install(needs: Iterable[Need]) -> None:
    """Install `needs` from Debian; stop and name the command when that cannot be done."""
    needs = tuple(needs)
    missing = ", ".join(need.name for need in needs)
    root = as_root()
    if sys.platform != "linux" or not shutil.which("apt-get") or root is None:
        raise SystemExit(f"Missing: {missing}.\nInstall with:  {how_to_install(needs)}")
    packages = [name for need in needs for name in need.debian]
    with step(f"Installing {missing} from Debian"):
        quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
        _apt([*quiet, "update"])
        _apt([*quiet, "install", "-y", "--no-install-recommends", *packages])


def _apt(command: list[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, check=False, capture_output=True, text=True
    )
    if done.returncode:
        say(done.stdout + done.stderr)
        raise SystemExit(f"This failed: {' '.join(command)}")


def insist(needs: Iterable[Need]) -> None:
    """Have all of `needs`: install what is missing, or stop and say how."""
    missing = [need for need in needs if not need.present()]
    if missing:
        install(missing)
    still = [need.name for need in missing if not need.present()]
    if still:
        raise SystemExit(f"Installed, but still not found: {', '.join(still)}")
