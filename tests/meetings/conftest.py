"""A local network in Wales with its coordinator and members, and the team that reads its logs."""

from datetime import timedelta

import pytest

from accounts.enums import RoleKind
from core.enums import Nation
from meetings.enums import Perspective
from tests.accounts.factories import person_with

from .factories import GroupFactory, MeetingFactory, MemberFactory, coordinator_of, member_of


@pytest.fixture
def group(db):
    return GroupFactory(name="Choice and control: Wales", nation=Nation.WALES)


@pytest.fixture
def coordinator(group):
    return coordinator_of(group, preferred_name="Coordinator")


@pytest.fixture
def member(group):
    """A member with an account."""
    return member_of(group, preferred_name="Ash")


@pytest.fixture
def team(db):
    """The networks manager."""
    return person_with(RoleKind.NETWORKS_MANAGER, preferred_name="Networks manager")


@pytest.fixture
def meeting(group, now):
    """A meeting of yesterday with two members, of whom nothing is noted yet."""
    MemberFactory(group=group, name="Bryn", perspective=Perspective.LIVED_EXPERIENCE)
    MemberFactory(group=group, name="Casey", perspective=Perspective.PROVIDER)
    return MeetingFactory(group=group, number=1, starts_at=now - timedelta(days=1))


@pytest.fixture
def coming(group, now):
    """A meeting in ten days."""
    return MeetingFactory(
        group=group, number=2, starts_at=now + timedelta(days=10), place="Village hall"
    )
