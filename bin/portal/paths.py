"""Where the machinery keeps its files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".run"

# sun_path holds 104 bytes on macOS and 108 on Linux, with the closing NUL.
LONGEST_SOCKET_PATH = 100


def venv() -> Path:
    """The virtual environment: IMPACT_VENV if given, else .venv in the checkout."""
    return Path(os.environ.get("IMPACT_VENV") or ROOT / ".venv").absolute()


def venv_python() -> Path:
    """The Python of the virtual environment."""
    return venv() / "bin" / "python"


def private_folder(path: Path) -> Path:
    """Make `path` if need be, readable by its owner only; stop if it is someone else's."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise SystemExit(f"{path} belongs to somebody else: remove it, then try again.")
    return path


def short_folder(name: str) -> Path:
    """A private folder with a short path, the same one for each checkout and `name`."""
    mark = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
    base = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
    return private_folder(base / f"impact-{os.getuid()}-{mark}-{name}")


def socket_path(folder: Path, name: str) -> Path:
    """A socket's path in `folder`, or in a short folder when that would be too long."""
    path = folder / name
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    return short_folder("sockets") / name
