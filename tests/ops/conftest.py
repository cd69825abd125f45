"""The machinery in bin/ is importable here, as it is for its own commands."""

import sys

import pytest

from tests.support.services import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "bin"))


@pytest.fixture
def spaced(tmp_path):
    """A folder with a space in its name: people keep checkouts in such places."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    return folder
