"""What the tests of reports share."""

import pytest

from reports.registry import ReportKind
from tests.reports.factories import kind_known


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def counting() -> ReportKind:
    """A report that counts to three, as Excel."""
    with kind_known() as kind:
        yield kind
