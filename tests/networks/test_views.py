"""The pages of networks: who opens them, filters, paging, files, and decisions on returns."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from core.enums import Nation
from meetings.enums import GroupKind, LogState
from notifications.models import Message
from tests.accounts.factories import UserFactory, person_with
from tests.meetings.factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    MemberFactory,
    coordinator_of,
    member_of,
)

from .factories import LocalNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def wales():
    return LocalNetworkFactory(
        nation=Nation.WALES, group__name="Choice: Wales", network__project__title="Choice"
    )


@pytest.fixture
def log(wales, now):
    """A return that waits."""
    meeting = MeetingFactory(group=wales.group, number=1, starts_at=now - timedelta(days=3))
    return MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)


@pytest.fixture
def team():
    return person_with(RoleKind.NETWORKS_MANAGER)


@pytest.fixture
def team_browser(team):
    return signed_in(team)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def at(name, *args):
    return reverse(name, args=args)


def test_each_page_opens_for_its_people_and_for_nobody_else(wales, log, team):
    addresses = {
        "home": at("networks:home"),
        "network": at("networks:network", wales.network.pk),
        "csv": at("networks:network-csv", wales.network.pk),
        "local": at("networks:local", wales.pk),
        "returns": at("networks-staff:returns"),
        "returns-csv": at("networks-staff:returns-csv"),
        "return": at("networks-staff:return", log.pk),
    }
    coordinator, stranger = coordinator_of(wales.group), coordinator_of(GroupFactory())
    expected = {
        team: [200, 200, 200, 200, 200, 200, 200],
        person_with(RoleKind.PROGRAMME_STAFF): [200, 200, 200, 200, 200, 200, 403],
        person_with(RoleKind.LEADERSHIP): [200, 200, 200, 200, 403, 403, 403],
        coordinator: [302, 404, 404, 200, 403, 403, 403],
        member_of(wales.group): [302, 404, 404, 200, 403, 403, 403],
        stranger: [200, 404, 404, 404, 403, 403, 404],
    }
    for person, wanted in expected.items():
        client = signed_in(person)
        assert [client.get(url).status_code for url in addresses.values()] == wanted


def test_somebody_with_one_local_network_goes_straight_there(wales):
    answer = signed_in(coordinator_of(wales.group)).get(at("networks:home"))
    assert answer.url == at("networks:local", wales.pk)


def test_somebody_with_two_local_networks_chooses(wales):
    other = LocalNetworkFactory(group__name="Choice: England")
    person = coordinator_of(wales.group)
    member = person_with(RoleKind.NETWORK_MEMBER, other.group)
    member.roles.update(person=person)
    page = signed_in(person).get(at("networks:home")).content.decode()
    assert "Choice: Wales" in page
    assert "Choice: England" in page


def test_somebody_without_any_reads_how_it_will_be(db):
    page = signed_in(UserFactory()).get(at("networks:home")).content.decode()
    assert "No networks yet" in page


def test_the_bar_leads_to_networks_only_for_those_who_have_them(wales):
    link = f'href="{at("networks:home")}"'
    assert link in signed_in(coordinator_of(wales.group)).get("/").content.decode()
    assert link not in signed_in(UserFactory()).get("/").content.decode()


def test_a_coordinator_finds_checklist_hints_and_members(wales, now):
    person = coordinator_of(wales.group)
    MemberFactory(group=wales.group, name="Bryn")
    MeetingFactory(group=wales.group, number=1, starts_at=now - timedelta(days=3))
    MeetingFactory(group=wales.group, number=2, starts_at=now + timedelta(days=3))
    page = signed_in(person).get(at("networks:local", wales.pk)).content.decode()
    for words in [
        "Log the meeting of Saturday 23 July 2022",
        "Friday 29 July 2022, 2pm",
        "Invite people",
        "1 member so far. 8 to 10 work well together.",
        "1 of 5 groups take part.",
        "2 of 4 meetings have dates.",
        "Bryn",
    ]:
        assert words in page


def test_a_member_finds_dates_and_actions_and_no_names(wales, now):
    person = member_of(wales.group)
    MemberFactory(group=wales.group, name="Bryn")
    MeetingFactory(group=wales.group, starts_at=now + timedelta(days=3))
    own = wales.group.members.get(person=person)
    ActionFactory(group=wales.group, text="Ask the council", owner=own)
    page = signed_in(person).get(at("networks:local", wales.pk)).content.decode()
    assert "Friday 29 July 2022, 2pm" in page
    assert "What you said you would do" in page
    assert "Ask the council" in page
    assert "Bryn" not in page


def test_the_network_page_and_its_file_say_the_same(team_browser, wales, log):
    page = team_browser.get(at("networks:network", wales.network.pk)).content.decode()
    assert "1 waiting to be read" in page
    assert "0 of 1 meetings held so far have an accepted return" in page
    answer = team_browser.get(at("networks:network-csv", wales.network.pk))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == "Wales,0,0,1,4,0,1,0,0,0,0"


def listed(client, **query):
    page = client.get(at("networks-staff:returns"), query).context["page"]
    return [log.pk for log in page.rows]


def test_returns_that_wait_come_first_without_a_filter(team_browser, log, now):
    done = MeetingLogFactory(
        meeting=MeetingFactory(group=log.meeting.group, number=7),
        state=LogState.ACCEPTED,
        submitted_at=now - timedelta(days=9),
        accepted_at=now,
    )
    MeetingLogFactory(meeting=MeetingFactory(group=log.meeting.group, number=8))
    assert listed(team_browser) == [log.pk]
    assert listed(team_browser, state="") == [done.pk, log.pk]
    assert listed(team_browser, state="accepted") == [done.pk]


def test_returns_are_filtered_by_nation_and_network(team_browser, log, now):
    scotland = LocalNetworkFactory(nation=Nation.SCOTLAND)
    other = MeetingLogFactory(
        meeting=MeetingFactory(group=scotland.group), state=LogState.SUBMITTED, submitted_at=now
    )
    assert listed(team_browser, nation="scotland") == [other.pk]
    own = log.meeting.group.local_network.network.pk
    assert listed(team_browser, network=own) == [log.pk]


def test_logs_of_other_groups_are_no_returns(team_browser, log, now):
    group = GroupFactory(kind=GroupKind.ADVISORY)
    MeetingLogFactory(
        meeting=MeetingFactory(group=group), state=LogState.SUBMITTED, submitted_at=now
    )
    assert listed(team_browser, state="") == [log.pk]


def test_returns_are_turned_page_by_page(team_browser, wales, now):
    for number in range(1, 61):
        MeetingLogFactory(
            meeting=MeetingFactory(group=wales.group, number=number),
            state=LogState.SUBMITTED,
            submitted_at=now - timedelta(minutes=number),
        )
    first = team_browser.get(at("networks-staff:returns")).context["page"]
    second = listed(team_browser, cursor=first.next_cursor)
    assert len(first.rows) == 50
    assert len(second) == 10
    assert set(second).isdisjoint(log.pk for log in first.rows)


def test_the_file_of_returns_has_what_the_filter_says(team_browser, log):
    answer = team_browser.get(at("networks-staff:returns-csv"), {"state": "submitted"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "Choice,Wales,Meeting 1,2022-07-23,0,0,Sent to the networks team,2022-07-26,no"
    ]
    answer = team_browser.get(at("networks-staff:returns-csv"), {"state": "returned"})
    assert len(b"".join(answer.streaming_content).splitlines()) == 1


@pytest.mark.parametrize(("name", "most"), [("networks-staff:returns", 8), ("networks:home", 10)])
def test_lists_cost_the_same_with_one_row_and_with_thirty(team_browser, wales, now, name, most):
    def add(count):
        for number in range(count):
            name = f"{count}: {number}"
            one = LocalNetworkFactory(network=wales.network, name=name)
            MeetingLogFactory(
                meeting=MeetingFactory(group=one.group),
                state=LogState.SUBMITTED,
                submitted_at=now,
            )
            MeetingFactory(group=one.group, starts_at=now - timedelta(days=10))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert team_browser.get(reverse(name)).status_code == 200
        return len(queries)

    add(1)
    cost()
    few = cost()
    add(30)
    assert cost() == few <= most


def test_a_local_networks_page_costs_at_most_fifteen_queries(wales, now):
    browser = signed_in(coordinator_of(wales.group))
    for number in range(1, 31):
        member = MemberFactory(group=wales.group)
        meeting = MeetingFactory(
            group=wales.group, number=number, starts_at=now - timedelta(days=number)
        )
        MeetingLogFactory(meeting=meeting)
        ActionFactory(group=wales.group, owner=member)
    browser.get(at("networks:local", wales.pk))
    with CaptureQueriesContext(connection) as queries:
        browser.get(at("networks:local", wales.pk))
    assert len(queries) <= 15


def test_a_return_is_accepted_and_the_coordinator_told(team_browser, log):
    coordinator = coordinator_of(log.meeting.group)
    answer = team_browser.post(at("networks-staff:return-accept", log.pk), follow=True)
    log.refresh_from_db()
    assert log.state == LogState.ACCEPTED
    assert "Accepted. The coordinators are told and thanked." in answer.content.decode()
    assert Message.objects.get(recipient=coordinator).kind == "meetings.log_accepted"


def test_accepting_twice_accepts_once(team_browser, log):
    coordinator = coordinator_of(log.meeting.group)
    for _time in range(2):
        team_browser.post(at("networks-staff:return-accept", log.pk))
    assert Message.objects.filter(recipient=coordinator).count() == 1


def test_a_return_goes_back_with_a_question(team_browser, log):
    address = at("networks-staff:return", log.pk)
    page = team_browser.post(address, {"reason": ""}).content.decode()
    assert "What do you want to know: enter an answer" in page
    team_browser.post(address, {"reason": "Who could not come?"})
    log.refresh_from_db()
    assert (log.state, log.talk.get().text) == (LogState.RETURNED, "Who could not come?")
    assert "Your question is with the coordinators." in team_browser.get(address).content.decode()


def test_a_return_that_was_taken_back_is_not_accepted(team_browser, log):
    type(log).objects.filter(pk=log.pk).update(state=LogState.DRAFT)
    assert team_browser.post(at("networks-staff:return-accept", log.pk)).status_code == 404


def test_a_coordinator_accepts_no_return(log):
    browser = signed_in(coordinator_of(log.meeting.group))
    assert browser.post(at("networks-staff:return-accept", log.pk)).status_code == 403
    log.refresh_from_db()
    assert log.state == LogState.SUBMITTED


def test_late_logs_are_listed_below_the_returns(team_browser, wales, now):
    MeetingFactory(group=wales.group, starts_at=now - timedelta(days=10))
    page = team_browser.get(at("networks-staff:returns")).content.decode()
    assert "Choice: Wales, Saturday 16 July 2022" in page


def test_a_meeting_without_a_log_says_nothing_of_one(wales, now):
    MeetingFactory(group=wales.group, starts_at=now - timedelta(days=3))
    page = signed_in(coordinator_of(wales.group)).get(at("networks:local", wales.pk))
    assert "Log:" not in page.content.decode()


def test_the_projects_page_shows_the_local_networks(wales):
    browser = signed_in(person_with(RoleKind.PROGRAMME_STAFF))
    page = browser.get(at("projects:detail", wales.network.project_id)).content.decode()
    assert "Compare the local networks" in page
    assert f'href="{at("networks:local", wales.pk)}"' in page
