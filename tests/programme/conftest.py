"""The whole programme, loaded once; each test takes back what it changed."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """What loading said. Around the transaction of each test stands the one of the loading."""
    out = StringIO()
    whole = transaction.atomic()
    with django_db_blocker.unblock():
        whole.__enter__()
        call_command("load_programme", stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def programme(loaded: str, db: None) -> str:
    """The programme, and what loading it said."""
    return loaded
