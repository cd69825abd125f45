"""The programme's part: what is fact, what is example, and that loading twice changes nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from accounts.enums import RoleKind
from accounts.models import Role, User
from core.enums import Nation
from impact_portal.programme import meetings as meetings_part
from impact_portal.programme import networks as networks_part
from impact_portal.programme import people as people_part
from impact_portal.programme.frame import Programme
from meetings.enums import GroupKind, LogState, Perspective
from meetings.models import Attendance, Group, Meeting, MeetingLog, Member
from networks.models import LocalNetwork, Network
from networks.selectors import rows_of
from projects.models import Project

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=LONDON)


def load(now=NOW):
    programme = Programme(now=now)
    for part in [people_part, meetings_part, networks_part]:
        part.load(programme)
    return programme.made


@pytest.fixture
def loaded(db):
    load()


def test_a_second_run_makes_nothing_and_changes_nothing(loaded):
    def rows():
        return {
            model: list(model.objects.order_by("pk").values())
            for label in ["meetings", "networks", "accounts"]
            for model in apps.get_app_config(label).get_models()
        }

    before = rows()
    assert load(NOW.replace(day=25)) == 0
    assert rows() == before


def test_the_network_is_on_choice_and_control_in_supported_living(loaded):
    network = Network.objects.get()
    assert network.project == Project.objects.get(slug="choice-and-control-in-supported-living")
    assert network.question == (
        "How can people with learning disabilities and/or mental health issues have choice and "
        "control in supported living?"
    )
    assert (network.members_min, network.members_max) == (8, 10)
    assert (network.meetings_planned, network.span_months) == (4, 6)
    assert network.is_example is False


def test_there_is_a_local_network_in_each_nation(loaded):
    assert set(LocalNetwork.objects.values_list("nation", flat=True)) == set(Nation.values)
    assert LocalNetwork.objects.filter(is_example=True).count() == 0


def test_each_has_eight_to_ten_example_members_from_all_five_groups(loaded):
    for group in Group.objects.filter(kind=GroupKind.LOCAL_NETWORK):
        assert 8 <= group.members.count() <= 10
        perspectives = set(group.members.values_list("perspective", flat=True))
        assert perspectives == set(Perspective.values)
    assert Member.objects.filter(is_example=False).count() == 0


def test_the_first_meetings_were_on_26_july_2022_at_two(loaded):
    firsts = Meeting.objects.filter(group__kind=GroupKind.LOCAL_NETWORK, number=1)
    assert {meeting.starts_at for meeting in firsts} == {datetime(2022, 7, 26, 14, tzinfo=LONDON)}
    assert firsts.count() == 4


def test_the_july_returns_stand_as_they_should(loaded):
    states = {
        meeting.group.nation: getattr(getattr(meeting, "log", None), "state", None)
        for meeting in Meeting.objects.filter(group__kind=GroupKind.LOCAL_NETWORK, number=1)
    }
    assert states == {
        Nation.ENGLAND: LogState.ACCEPTED,
        Nation.SCOTLAND: LogState.SUBMITTED,
        Nation.WALES: None,
        Nation.NORTHERN_IRELAND: LogState.RETURNED,
    }
    returned = MeetingLog.objects.get(state=LogState.RETURNED)
    assert [row.speech for row in returned.talk.all()] == ["question"]


def test_all_four_keep_to_what_makes_networks_work(loaded):
    for row in rows_of(LocalNetwork.objects.all(), NOW):
        assert [hint.text for hint in row.hints if not hint.is_met] == []
        assert row.next_meeting.starts_at == datetime(2026, 12, 2, 14, tzinfo=LONDON)


def test_the_coordinators_are_accounts_by_role(loaded):
    roles = Role.objects.filter(kind=RoleKind.NETWORK_COORDINATOR).select_related("person")
    found = {role.person.email: role.scope.nation for role in roles}
    assert found == {
        "network.coordinator@example.org": Nation.WALES,
        "network.coordinator.england@example.org": Nation.ENGLAND,
        "network.coordinator.scotland@example.org": Nation.SCOTLAND,
        "network.coordinator.northern-ireland@example.org": Nation.NORTHERN_IRELAND,
    }
    assert User.objects.filter(is_example=False).count() == 0


def test_five_assemblies_two_of_them_in_england(loaded):
    nations = Group.objects.filter(kind=GroupKind.ASSEMBLY).values_list("nation", flat=True)
    assert sorted(nations) == ["england", "england", "northern_ireland", "scotland", "wales"]
    assert Group.objects.filter(kind=GroupKind.COORDINATORS).count() == 1


def test_what_was_said_and_who_came_is_marked_as_example(loaded):
    for model in [Meeting, MeetingLog, Attendance]:
        assert model.objects.count() > 0
        assert model.objects.filter(is_example=False).count() == 0
