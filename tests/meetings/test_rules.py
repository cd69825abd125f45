"""Who may do what: each permission, and two groups that must not see each other."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import RoleKind
from meetings.enums import GroupKind
from meetings.models import Action, Group, Meeting, MeetingLog, Member
from tests.accounts.factories import person_with

from .factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    MemberFactory,
    coordinator_of,
    member_of,
)

pytestmark = pytest.mark.django_db

PEOPLE = {
    "coordinator": RoleKind.NETWORK_COORDINATOR,
    "member": RoleKind.NETWORK_MEMBER,
    "networks_lead": RoleKind.NETWORKS_LEAD,
    "networks_manager": RoleKind.NETWORKS_MANAGER,
    "programme_staff": RoleKind.PROGRAMME_STAFF,
    "engagement_lead": RoleKind.ENGAGEMENT_LEAD,
    "leadership": RoleKind.LEADERSHIP,
    "partner": None,
}
SEES_ALL = {"networks_lead", "networks_manager", "programme_staff", "engagement_lead", "leadership"}
RUNS = {"coordinator", "networks_lead", "networks_manager"}
STAFF = SEES_ALL - {"leadership"}

# permission → who has it on a local network's group, meeting or log
EXPECTED = {
    "meetings.view_group": SEES_ALL | {"coordinator", "member"},
    "meetings.view_meeting": SEES_ALL | {"coordinator", "member"},
    "meetings.view_members": RUNS | STAFF,
    "meetings.manage_group": RUNS,
    "meetings.change_member": RUNS,
    "meetings.change_meeting": RUNS,
    "meetings.write_log": RUNS,
    "meetings.view_log": RUNS | SEES_ALL,
    "meetings.submit_log": RUNS,
    "meetings.finish_log": set(),
    "meetings.review_log": {"networks_lead", "networks_manager"},
    "meetings.update_action": RUNS,
}


def everybody(group):
    scoped = {RoleKind.NETWORK_COORDINATOR, RoleKind.NETWORK_MEMBER}
    people = {
        name: person_with(kind, group if kind in scoped else None)
        for name, kind in PEOPLE.items()
        if kind
    }
    people["partner"] = coordinator_of(GroupFactory())
    return people


@pytest.mark.parametrize("permission", EXPECTED)
def test_each_permission_is_held_by_exactly_these_people(permission):
    group = GroupFactory()
    log = MeetingLogFactory(meeting=MeetingFactory(group=group))
    target = {"group": group, "log": log}.get(permission.rpartition("_")[2], log.meeting)
    if permission == "meetings.update_action":
        target = ActionFactory(group=group)
    holders = {
        name for name, person in everybody(group).items() if person.has_perm(permission, target)
    }
    assert holders == EXPECTED[permission]


def test_nobody_signed_in_may_do_anything(db):
    group = GroupFactory()
    assert [name for name in EXPECTED if AnonymousUser().has_perm(name, group)] == []


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (GroupKind.ASSEMBLY, RoleKind.PROGRAMME_STAFF),
        (GroupKind.ADVISORY, RoleKind.ENGAGEMENT_LEAD),
        (GroupKind.COORDINATORS, RoleKind.NETWORKS_LEAD),
    ],
)
def test_the_team_behind_a_kind_of_group_runs_it_and_finishes_its_logs(kind, role):
    log = MeetingLogFactory(meeting=MeetingFactory(group=GroupFactory(kind=kind)))
    team = person_with(role)
    assert team.has_perm("meetings.manage_group", log.meeting.group)
    assert team.has_perm("meetings.finish_log", log)
    assert not team.has_perm("meetings.submit_log", log)
    assert not team.has_perm("meetings.review_log", log)


def test_the_networks_team_does_not_run_an_assembly(team):
    assert not team.has_perm("meetings.manage_group", GroupFactory(kind=GroupKind.ASSEMBLY))


def test_a_member_may_say_what_became_of_their_own_action_only(group, member):
    own = ActionFactory(group=group, owner=group.members.get(person=member))
    other = ActionFactory(group=group)
    assert member.has_perm("meetings.update_action", own)
    assert not member.has_perm("meetings.update_action", other)


@pytest.mark.parametrize("name", ["coordinator", "member", "programme_staff", "partner"])
def test_lists_agree_with_the_object_rule(name):
    group = GroupFactory()
    for each in [group, GroupFactory()]:
        meeting = MeetingFactory(group=each)
        MeetingLogFactory(meeting=meeting)
        MemberFactory(group=each)
        ActionFactory(group=each)
    person = everybody(group)[name]
    for model in [Group, Meeting, Member, MeetingLog, Action]:
        by_rule = {
            obj.pk for obj in model.objects.all() if person.has_perm("meetings.view_group", obj)
        }
        assert set(model.objects.visible_to(person).values_list("pk", flat=True)) == by_rule


def test_a_role_that_has_ended_opens_nothing(group, now):
    person = member_of(group)
    person.roles.update(ends_on=now.date().replace(year=2022, month=8))
    person.__dict__.pop("current_roles", None)
    assert not person.has_perm("meetings.view_group", group)
