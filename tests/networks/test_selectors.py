"""Figures of local networks side by side, and what waits for the networks team."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import RoleKind
from core.enums import Nation
from meetings.enums import ActionState, LogState, MeetingState, Perspective
from networks import panels, selectors
from networks.models import LocalNetwork, Network
from tests.accounts.factories import UserFactory, person_with
from tests.meetings.factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    MemberFactory,
    coordinator_of,
)
from tests.projects.factories import ProjectFactory

from .factories import LocalNetworkFactory, NetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wales(now):
    """Two members, three meetings held of which one is returned, one cancelled, one to come."""
    one = LocalNetworkFactory(nation=Nation.WALES)
    MemberFactory(group=one.group, perspective=Perspective.CARER)
    MemberFactory(group=one.group, perspective=Perspective.PROVIDER)
    MemberFactory(group=one.group, left_on=now.date())
    starts = [now - timedelta(days=days) for days in (60, 30, 9)]
    meetings = [MeetingFactory(group=one.group, starts_at=moment) for moment in starts]
    MeetingLogFactory(
        meeting=meetings[0], state=LogState.ACCEPTED, submitted_at=now, accepted_at=now
    )
    MeetingLogFactory(meeting=meetings[1], state=LogState.RETURNED, submitted_at=now)
    MeetingFactory(group=one.group, starts_at=now, state=MeetingState.CANCELLED)
    MeetingFactory(group=one.group, starts_at=now + timedelta(days=5))
    ActionFactory(group=one.group)
    ActionFactory(group=one.group, state=ActionState.DONE)
    return one


def test_a_row_has_the_figures_of_its_local_network(wales, now):
    (row,) = selectors.rows_of(LocalNetwork.objects.all(), now)
    assert (row.members, row.groups, row.held, row.planned) == (2, 2, 3, 4)
    assert (row.accepted, row.returned, row.waiting, row.not_logged) == (1, 1, 0, 1)
    assert (row.actions_open, row.actions_ended) == (1, 1)
    assert row.next_meeting.starts_at == now + timedelta(days=5)
    assert [hint.code for hint in row.hints if not hint.is_met] == ["members", "groups"]


def test_rows_stand_in_the_order_of_the_nations(wales, now):
    for nation in [Nation.NORTHERN_IRELAND, Nation.ENGLAND]:
        LocalNetworkFactory(network=wales.network, nation=nation)
    rows = selectors.rows_of(LocalNetwork.objects.all(), now)
    assert [row.local_network.nation for row in rows] == ["england", "wales", "northern_ireland"]


def test_rows_cost_the_same_for_one_and_for_thirty(wales, now):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            selectors.rows_of(LocalNetwork.objects.all(), now)
        return len(queries)

    few = cost()
    for number in range(29):
        one = LocalNetworkFactory(network=wales.network, name=f"Place {number}")
        MeetingLogFactory(meeting__group=one.group)
    assert cost() == few <= 4


def test_the_coordinators_page_has_question_log_and_last_return(wales, now):
    home = selectors.home(wales, now)
    assert [log.state for log in home.asked] == [LogState.RETURNED]
    assert [meeting.starts_at for meeting in home.to_log] == [now - timedelta(days=9)]
    assert home.last_return.meeting.starts_at == now - timedelta(days=30)
    assert home.waits is True


def test_the_networks_team_finds_returns_and_late_logs(wales, now):
    team = person_with(RoleKind.NETWORKS_LEAD)
    MeetingLogFactory(
        meeting=MeetingFactory(group=wales.group), state=LogState.SUBMITTED, submitted_at=now
    )
    todos = selectors.todo_for(team, now)
    assert [(str(todo.text), todo.count, todo.is_late) for todo in todos] == [
        ("return to read", 1, False),
        ("meeting whose log is late", 1, True),
    ]


def test_nothing_waiting_is_no_line(now):
    assert selectors.todo_for(person_with(RoleKind.NETWORKS_MANAGER), now) == []


def test_a_log_missing_for_more_than_two_months_is_no_longer_called_late(wales, now):
    assert selectors.late_meetings(now).count() == 1
    assert selectors.late_meetings(now + timedelta(days=120)).count() == 0


def test_others_find_nothing_at_no_query(wales, now):
    person = UserFactory()
    assert person.current_roles == []
    with CaptureQueriesContext(connection) as queries:
        assert selectors.todo_for(person, now) == []
    assert len(queries) == 0
    assert selectors.todo_for(coordinator_of(wales.group), now) == []


def test_lists_agree_with_the_object_rule(wales):
    other = LocalNetworkFactory()
    people = [
        coordinator_of(wales.group),
        person_with(RoleKind.NETWORK_MEMBER, other.group),
        person_with(RoleKind.LEADERSHIP),
        person_with(RoleKind.PROGRAMME_STAFF),
        UserFactory(),
    ]
    for person in people:
        locals_seen = set(LocalNetwork.objects.visible_to(person))
        assert locals_seen == {
            one
            for one in LocalNetwork.objects.all()
            if person.has_perm("networks.view_local_network", one)
        }
        networks_seen = set(Network.objects.visible_to(person))
        assert networks_seen == {
            one for one in Network.objects.all() if person.has_perm("networks.view_network", one)
        }


def test_the_home_of_a_local_networks_group_is_its_local_network(wales):
    assert selectors.home_of_local_network(wales.group) == f"/networks/local/{wales.pk}/"
    lone = GroupFactory()
    assert selectors.home_of_local_network(lone) == f"/meetings/groups/{lone.pk}/"


def test_the_panel_is_for_projects_that_are_networks(wales, now):
    staff = person_with(RoleKind.PROGRAMME_STAFF)
    project = wales.network.project
    assert panels.is_network(project, staff) is True
    assert panels.is_network(ProjectFactory(), staff) is False
    context = panels.panel_context(project, staff, now)
    assert [str(row.local_network) for row in context["rows"]] == ["Wales"]
    assert context["may_open"] is True


def test_networks_with_rows_keeps_each_with_its_own(wales, now):
    empty = NetworkFactory()
    found = selectors.networks_with_rows([wales.network, empty], now)
    assert [(network.pk, len(rows)) for network, rows in found] == [
        (wales.network.pk, 1),
        (empty.pk, 0),
    ]
