"""What follows in other rooms when an invitation is accepted."""

import pytest

from accounts.enums import RoleKind
from accounts.sections import acceptance_followers
from accounts.services import accept_invitation, make_invitation
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(monkeypatch):
    """Whom a follower was told of."""
    told = []
    follower = lambda *facts: told.append(facts)  # noqa: E731
    entries = {**acceptance_followers._entries, "a test": follower}
    monkeypatch.setattr(acceptance_followers, "_entries", entries)
    return told


def test_followers_learn_of_the_invitation_the_person_and_the_moment(followed, manager, now):
    person = UserFactory()
    invitation, token = make_invitation(
        email=person.email, kind=RoleKind.LEADERSHIP, scope=None, by=manager, now=now
    )
    accept_invitation(token=token, by=person, now=now)
    assert followed == [(invitation, person, now)]
