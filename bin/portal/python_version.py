"""Insist on a Python new enough, in words that any Python 3 can read."""

import os
import shutil
import sys

OLDEST = (3, 11)
CANDIDATES = ("python3.14", "python3.13", "python3.12", "python3.11")


def insist() -> None:
    """Return on Python 3.11 or newer; else continue in one found on PATH; else stop."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit(
        "The portal needs Python 3.11 or newer; this is Python {}.{}.\n"
        "Install it (Debian: apt-get install python3 python3-venv; "
        "macOS: brew install python@3.13), then try again.".format(*sys.version_info[:2])
    )
