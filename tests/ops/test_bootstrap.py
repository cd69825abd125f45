"""The Python environment is made when needed, and only then."""

import json
import re
import subprocess
import sys

import pytest
from portal import bootstrap

from tests.support.services import REPOSITORY


@pytest.fixture
def root(tmp_path):
    """A checkout with two lock files."""
    (tmp_path / "requirements.lock").write_text("run")
    (tmp_path / "requirements-dev.lock").write_text("run and test")
    return tmp_path


def test_a_new_environment_gets_what_is_wanted(root):
    assert bootstrap.kind_to_install("run", {}, root) == "run"
    assert bootstrap.kind_to_install("test", {}, root) == "test"


@pytest.mark.parametrize(
    ("made_for", "wanted", "to_install"),
    [("run", "run", None), ("run", "test", "test"), ("test", "test", None), ("test", "run", None)],
)
def test_an_environment_is_left_alone_when_it_fulfils_the_lock(root, made_for, wanted, to_install):
    stamp = bootstrap.stamp_for(made_for, root)
    assert bootstrap.kind_to_install(wanted, stamp, root) == to_install


@pytest.mark.parametrize("made_for", ["run", "test"])
def test_a_changed_lock_is_installed_and_a_test_environment_stays_one(root, made_for):
    stamp = bootstrap.stamp_for(made_for, root)
    (root / "requirements.lock").write_text("run, newer")
    assert bootstrap.kind_to_install("run", stamp, root) == made_for


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps("words")])
def test_a_stamp_that_cannot_be_read_is_no_stamp(tmp_path, text):
    (tmp_path / "impact-stamp.json").write_text(text)
    assert bootstrap.read_stamp(tmp_path) == {}


def test_a_python_that_is_not_there_does_not_work(tmp_path):
    assert not bootstrap.works(tmp_path / "bin" / "python")


def test_an_environment_is_made_with_pip_in_a_folder_with_a_space(spaced):
    bootstrap.make_environment(spaced / ".venv")
    python = spaced / ".venv" / "bin" / "python"
    assert bootstrap.works(python)
    pip = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    assert pip.returncode == 0


def pins(name):
    """The pinned packages of a lock file, with their markers."""
    text = (REPOSITORY / name).read_text()
    return set(re.findall(r"^([a-z0-9][^\s=]*==[^\\\n]*?)\s*\\?$", text, flags=re.MULTILINE))


def test_the_test_lock_holds_every_package_of_the_run_lock():
    assert len(pins("requirements.lock")) > 40
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "bin/portal/uv.lock.txt"]
)
def test_a_lock_names_no_place_to_download_from_and_hashes_everything(name):
    text = (REPOSITORY / name).read_text()
    assert not re.search(r"https?://|--index-url|--find-links", text)
    # Each package line is followed at once by its first hash.
    assert not re.search(
        r"^[a-z0-9][^\n]*==[^\n]*\n(?!\s+--hash=sha256:)", text, flags=re.MULTILINE
    )


def test_an_old_python_is_told_what_to_install():
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.version_info = (3, 9)\n"
        "import os; os.environ['PATH'] = ''\n"
        "from portal.python_version import insist; insist()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(REPOSITORY / "bin")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in done.stderr
