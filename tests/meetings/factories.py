"""Groups, members and meetings for tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from core.enums import Nation
from meetings.enums import GroupKind, Perspective
from meetings.models import Group, Meeting, Member


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


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    group = factory.SubFactory(GroupFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_at = datetime(2022, 7, 26, 14, 0, tzinfo=ZoneInfo("Europe/London"))
