"""A group with a charter, three members and a facilitator."""

import pytest

from accounts.enums import RoleKind
from tests.accounts.factories import person_with
from tests.coproduction.factories import charter_with_clauses, member_of


@pytest.fixture
def charter(db):
    return charter_with_clauses(title="Our charter")


@pytest.fixture
def members(charter):
    """Three members: Ada, Ben, Cem."""
    return [member_of(charter, preferred_name=name) for name in ("Ada", "Ben", "Cem")]


@pytest.fixture
def facilitator(db):
    return person_with(RoleKind.ENGAGEMENT_LEAD, preferred_name="Fay")


@pytest.fixture
def stranger(db):
    """A member of another advisory group."""
    return member_of(charter_with_clauses(title="Their charter"), preferred_name="Zoe")
