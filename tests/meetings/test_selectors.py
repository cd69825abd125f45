"""What pages read: figures, gaps, what waits, what is held about a person."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessNeeds
from meetings import selectors
from meetings.enums import LogState, Perspective, Presence
from meetings.log_pages import log_summary, log_tasks
from meetings.models import Attendance, GuestCount
from tests.accounts.factories import UserFactory

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


def texts(person, now):
    return [str(todo.text) for todo in selectors.todo_for(person, now)]


def test_a_coordinator_finds_question_log_meeting_and_actions(group, coordinator, now):
    returned = MeetingFactory(group=group, title="First", starts_at=now - timedelta(days=40))
    MeetingLogFactory(meeting=returned, state=LogState.RETURNED, submitted_at=now)
    MeetingFactory(group=group, title="Second", starts_at=now - timedelta(days=8))
    MeetingFactory(group=group, title="Third", starts_at=now + timedelta(days=1))
    ActionFactory(group=group, text="Ask the council", due_on=now.date() - timedelta(days=1))
    ActionFactory(group=group, text="Much later", due_on=now.date() + timedelta(days=30))
    todos = selectors.todo_for(coordinator, now)
    assert [(str(todo.text), todo.is_late) for todo in todos] == [
        ("Answer a question about your return: First", False),
        ("Log your meeting: Second", True),
        ("Next meeting: Wednesday 27 July 2022, 2pm", False),
        ("Ask the council", True),
    ]


def test_a_member_finds_the_next_meeting_and_their_own_actions_only(group, member, meeting, now):
    MeetingFactory(group=group, starts_at=now + timedelta(days=1))
    ActionFactory(
        group=group, text="Mine", owner=group.members.get(person=member), due_on=now.date()
    )
    ActionFactory(group=group, text="Not mine", due_on=now.date())
    assert texts(member, now) == ["Next meeting: Wednesday 27 July 2022, 2pm", "Mine"]


def test_another_groups_coordinator_finds_nothing(meeting, now):
    assert texts(coordinator_of(GroupFactory()), now) == []


def test_somebody_without_a_group_costs_no_query(now):
    person = UserFactory()
    assert person.current_roles == []
    with CaptureQueriesContext(connection) as queries:
        assert selectors.todo_for(person, now) == []
    assert len(queries) == 0


def test_what_waits_costs_the_same_for_one_thing_and_for_thirty(group, coordinator, now):
    def add(count):
        for _each in range(count):
            MeetingFactory(group=group, starts_at=now - timedelta(days=4))
            log = MeetingLogFactory(meeting__group=group, state=LogState.RETURNED, submitted_at=now)
            ActionFactory(group=group, meeting=log.meeting, due_on=now.date())

    def cost():
        coordinator.__dict__.pop("current_roles", None)
        with CaptureQueriesContext(connection) as queries:
            selectors.todo_for(coordinator, now)
        return len(queries)

    add(1)
    cost()
    few = cost()
    add(29)
    assert cost() == few <= 6


def test_attendance_is_counted_by_the_five_groups_with_guests(meeting):
    bryn, casey = meeting.group.members.order_by("name")
    Attendance.objects.create(meeting=meeting, member=bryn, presence=Presence.CAME)
    Attendance.objects.create(meeting=meeting, member=casey, presence=Presence.APOLOGIES)
    GuestCount.objects.create(meeting=meeting, perspective=Perspective.CARER, number=2)
    rows = selectors.attendance_by_perspective(meeting)
    assert [(row.came, row.expected, row.guests) for row in rows] == [
        (1, 1, 0),
        (0, 0, 2),
        (0, 0, 0),
        (0, 0, 0),
        (0, 1, 0),
    ]


def test_who_joined_later_is_not_asked_for_and_who_left_before_is_not_listed(meeting):
    MemberFactory(group=meeting.group, name="Later", joined_on=date(2022, 9, 1))
    MemberFactory(group=meeting.group, name="Gone", left_on=date(2022, 7, 10))
    members = selectors.members_at(meeting)
    assert sorted(member.name for member in members) == ["Bryn", "Casey", "Later"]
    expected = selectors.expected_at(meeting, members)
    assert sorted(member.name for member in expected) == ["Bryn", "Casey"]


def test_access_arrangements_are_counted_and_not_told(group, member):
    MemberFactory(group=group)
    AccessNeeds.objects.create(person=member, needs="A ramp", keep_until=date(2030, 1, 1))
    found = selectors.arrangements_for(group)
    assert found == selectors.Arrangements(members=2, with_account=1, with_access_needs=1)
    assert found.without_account == 1


def test_meetings_stand_in_the_order_of_their_dates_with_who_came(group, meeting, coming):
    MeetingLogFactory(meeting=meeting)
    bryn, casey = group.members.order_by("name")
    Attendance.objects.create(meeting=meeting, member=bryn, presence=Presence.CAME)
    Attendance.objects.create(meeting=meeting, member=casey, presence=Presence.ABSENT)
    early = MeetingFactory(group=group, starts_at=meeting.starts_at - timedelta(days=30))
    rows = selectors.meetings_with_logs(group)
    assert [(row.meeting, row.came, row.noted, row.log) for row in rows] == [
        (early, 0, 0, None),
        (meeting, 1, 2, meeting.log),
        (coming, 0, 0, None),
    ]


def test_the_steps_of_a_new_log_say_what_is_to_do(meeting):
    tasks = log_tasks(selectors.log_of(meeting))
    assert [(str(task.title), task.is_done, bool(task.url)) for task in tasks] == [
        ("Who came", False, True),
        ("What was shared, and themes", False, True),
        ("Suggestions", False, True),
        ("In people’s own words", False, True),
        ("Actions", False, True),
        ("Check and send", False, False),
    ]


def test_names_of_those_who_did_not_come_are_for_those_who_may_see_members(meeting):
    bryn = meeting.group.members.get(name="Bryn")
    Attendance.objects.create(meeting=meeting, member=bryn, presence=Presence.APOLOGIES)
    log = MeetingLogFactory(meeting=meeting)
    assert log_summary(log, True).apologies == [bryn]
    assert log_summary(log, False).apologies == []


def test_a_person_gets_all_that_is_held_about_them(group, meeting):
    person = member_of(group, preferred_name="Ash")
    row = group.members.get(person=person)
    Attendance.objects.create(meeting=meeting, member=row, presence=Presence.CAME)
    ActionFactory(group=group, text="Ask", owner=row)
    meeting.refresh_from_db()
    assert selectors.data_about(person) == {
        "memberships": [
            {
                "group": "Choice and control: Wales",
                "name": "Ash",
                "comes_as": "Carers",
                "from": "2022-07-01",
                "until": None,
            }
        ],
        "meetings": [
            {
                "group": "Choice and control: Wales",
                "meeting": meeting.starts_at.isoformat(),
                "presence": "Came",
            }
        ],
        "actions": [{"text": "Ask", "state": "To do"}],
    }
