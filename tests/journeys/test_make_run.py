"""Somebody clones the portal, types `make run`, signs in, looks round, and stops it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.services import (
    REPOSITORY,
    answers,
    free_port,
    processes_in,
    started,
    wait_until,
)

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]

# A newcomer has none of these set; the last three come from `make test` itself.
UNSET = {
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS"),
}


@pytest.fixture
def clone(tmp_path):
    """What a clone of the repository would hold, in a folder with a space in its name."""
    folder = tmp_path / "a clone"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():  # a file deleted but not yet committed is listed too
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture
def environment():
    """A newcomer's environment, but with this run's packages, which saves installing them."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "IMPACT_VENV": sys.prefix, "PORT": str(free_port())}


@pytest.fixture
def page(browser):
    """A page at phone width: nothing in this journey needs more."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def staff_sign_in(said: str) -> tuple[str, str]:
    """The e-mail address and password printed for programme staff."""
    email = re.search(r"(?im)^.*\bprogramme staff\b.*?(\S+@\S+)\s*$", said)
    password = re.search(r"(?im)^.*password of all of them: (\S+)\s*$", said)
    assert email, f"no sign-in for staff was printed:\n{said}"
    assert password, f"no password was printed:\n{said}"
    return email.group(1), password.group(1)


def sign_in_and_list_projects(page, address: str, email: str, password: str) -> None:
    """From the front door to the list of projects, as programme staff."""
    assert page.goto(f"{address}/").ok
    assert page.goto(f"{address}/account/login/").ok
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"{address}/projects/")
    assert page.locator("main h1").inner_text() == "Projects"
    assert page.locator("main a[href^='/projects/']").count() > 0


def test_make_run_brings_up_the_whole_portal_and_takes_it_down(clone, environment, page):
    with started(["make", "run"], clone, environment) as run:
        address = run.wait_for(r"The portal is at (\S+)", seconds=120).group(1)
        run.wait_for("Press Ctrl-C to stop it")
        assert address == f"http://127.0.0.1:{environment['PORT']}"

        sign_in_and_list_projects(page, address, *staff_sign_in(run.said))

        # Beat wakes it each minute, the broker carries it, the worker runs it.
        task = r"worker +\|.* Task notifications\.tasks\.send_due_messages\[\S+\] succeeded"
        run.wait_for(task, seconds=90)

        assert_second_run_says_where(clone, environment, address)

        # As a terminal does it: Ctrl-C reaches make and the supervisor alike.
        os.killpg(run.process.pid, signal.SIGINT)
        run.wait_for("Stopped; nothing is left running")
        run.process.wait(30)
        wait_until(lambda: not processes_in(clone), "no process is left", 5)
        assert not answers(f"{address}/health/")


def assert_second_run_says_where(clone: Path, environment: dict[str, str], address: str) -> None:
    """A second `make run` in the same folder starts nothing and names the first."""
    again = subprocess.run(
        ["make", "run"], cwd=clone, env=environment, check=False, capture_output=True, text=True
    )
    assert again.returncode == 0
    assert f"already runs from this folder: {address}" in again.stderr
