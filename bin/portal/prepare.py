"""Bring the database, the built files and the programme's data up to date, in one process.

Run by the virtual environment's Python from the top of the checkout.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

from portal.paths import ROOT, STATE
from portal.words import step

sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact_portal.settings.development")

SIGN_INS = STATE / "sign-ins.txt"
STATIC_STAMP = STATE / "static-stamp"


def call(command: str, *arguments: str) -> str:
    """Run a management command; return what it printed."""
    from django.core.management import call_command

    said = io.StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue()


def static_digest() -> str:
    """A hash of the name, size and time of every static file before collection."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    lines = [str(settings.STATIC_ROOT)]
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            lines.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def collect_static() -> None:
    """Collect the static files if any changed since the last time."""
    from django.conf import settings

    digest = static_digest()
    collected = Path(settings.STATIC_ROOT).is_dir()
    if collected and STATIC_STAMP.exists() and STATIC_STAMP.read_text() == digest:
        return
    with step("Collecting styles, scripts and pictures"):
        call("collectstatic", "--noinput", "--verbosity", "0")
    STATIC_STAMP.write_text(digest)


def main() -> None:
    """Do every step that is needed before the portal can start."""
    import django

    STATE.mkdir(exist_ok=True)
    django.setup()
    with step("Bringing the database up to date"):
        call("migrate", "--verbosity", "0")
    with step("Compiling the translations"):
        call("compile_translations")
    collect_static()
    with step("Loading the programme"):
        call("load_programme")
    SIGN_INS.touch(mode=0o600)
    SIGN_INS.write_text(call("show_sign_ins"))


if __name__ == "__main__":
    main()
