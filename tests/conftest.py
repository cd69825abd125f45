"""What all tests share: signed-in people, a fixed clock, and a worker's worth of strictness."""

from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.utils import translation

from accounts.enums import RoleKind
from tests.accounts.factories import UserFactory, person_with

LONDON = ZoneInfo("Europe/London")


def pytest_sessionstart(session):
    """The Welsh is compiled once, before any test or worker reads it."""
    if not hasattr(session.config, "workerinput"):
        call_command("compile_translations")


@pytest.fixture(autouse=True)
def _own_cache():
    """A cache that no other test has written to; emptying Redis would empty the broker too."""
    cache.key_prefix = uuid4().hex
    caches["process"].clear()


@pytest.fixture(autouse=True)
def _english(settings):
    """Each test begins in English; a page that was opened in Welsh leaves Welsh switched on."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def now() -> datetime:
    """Tuesday 26 July 2022, 2pm: the week of the first network meetings."""
    return datetime(2022, 7, 26, 14, 0, tzinfo=LONDON)


@pytest.fixture
def staff(db):
    """A member of the programme staff."""
    return person_with(RoleKind.PROGRAMME_STAFF)


@pytest.fixture
def manager(db):
    """A programme manager."""
    return person_with(RoleKind.PROGRAMME_MANAGER)


@pytest.fixture
def somebody(db):
    """A person with an account and no role."""
    return UserFactory()


@pytest.fixture
def staff_client(client, staff):
    """A browser in which a staff member is signed in."""
    client.force_login(staff)
    return client
