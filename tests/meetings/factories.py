"""Groups, members and meetings for tests."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.enums import RoleKind
from core.enums import Nation
from core.versions import details_of, version_of
from meetings.enums import GroupKind, Perspective
from meetings.models import Action, Group, Meeting, MeetingLog, Member
from tests.accounts.factories import person_with


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    kind = GroupKind.LOCAL_NETWORK
    name = factory.Sequence(lambda n: f"Group {n}")
    nation = Nation.WALES


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    group = factory.SubFactory(GroupFactory)
    name = factory.Sequence(lambda n: f"Member {n}")
    perspective = Perspective.CARER
    joined_on = date(2022, 7, 1)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    group = factory.SubFactory(GroupFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_at = datetime(2022, 7, 26, 14, 0, tzinfo=ZoneInfo("Europe/London"))


class MeetingLogFactory(DjangoModelFactory):
    class Meta:
        model = MeetingLog

    meeting = factory.SubFactory(MeetingFactory)
    shared = "We talked about choosing who supports us."


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    group = factory.SubFactory(GroupFactory)
    text = factory.Sequence(lambda n: f"Action {n}")


def seen_of(row, fields):
    """The version of ``row`` that a form would carry which is opened now."""
    return version_of(details_of(type(row)._base_manager.get(pk=row.pk), fields))


def coordinator_of(group, **person):
    """Somebody who coordinates ``group``."""
    return person_with(RoleKind.NETWORK_COORDINATOR, group, **person)


def member_of(group, perspective=Perspective.CARER, **person):
    """Somebody with an account who is a member of ``group``."""
    user = person_with(RoleKind.NETWORK_MEMBER, group, **person)
    MemberFactory(
        group=group,
        person=user,
        name=user.preferred_name,
        perspective=perspective,
        joined_on=date(2022, 7, 1),
    )
    return user
