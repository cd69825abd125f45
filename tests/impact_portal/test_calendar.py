"""The calendar as a page: what concerns whom, by list and by month."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.enums import CalendarKind
from impact_portal.mywork import calendar
from tests.coproduction.factories import charter_with_clauses, member_of, proposal_by
from tests.expressions.factories import CallFactory
from tests.meetings.factories import GroupFactory, MeetingFactory, coordinator_of
from tests.meetings.factories import member_of as joins
from tests.projects.factories import MilestoneFactory

pytestmark = pytest.mark.django_db

FOREVER = (date(2000, 1, 1), date(2100, 12, 31))


def titles(user, **wanted):
    return [str(one.title) for one in calendar.entries(user, *FOREVER, **wanted)]


@pytest.fixture
def soon():
    return timezone.now() + timedelta(days=3)


def test_a_member_sees_the_meetings_of_their_group_and_of_no_other(soon):
    group = GroupFactory()
    MeetingFactory(group=group, title="Ours", starts_at=soon)
    MeetingFactory(title="Theirs", starts_at=soon)
    assert titles(joins(group), kinds={CalendarKind.MEETING}) == ["Ours"]


def test_staff_see_all_meetings_and_milestones_and_others_none(soon, staff, somebody):
    MeetingFactory(title="Theirs", starts_at=soon)
    MilestoneFactory(title="Report", due_on=soon.date(), done_on=None)
    kinds = {CalendarKind.MEETING, CalendarKind.MILESTONE}
    assert sorted(titles(staff, kinds=kinds)) == ["Report", "Theirs"]
    assert titles(somebody, kinds=kinds) == []


def test_a_call_being_written_is_in_nobodys_calendar_but_that_of_staff(soon, staff, somebody):
    call = CallFactory(
        state="draft", title="Secret", opens_at=soon, closes_at=soon + timedelta(days=1)
    )
    assert titles(somebody, kinds={CalendarKind.CALL}) == []
    assert f"Closes: {call.title}" in titles(staff, kinds={CalendarKind.CALL})


def test_a_suggestion_is_in_the_calendar_of_its_group_alone(somebody):
    charter = charter_with_clauses()
    member = member_of(charter)
    proposal_by(member, charter)
    assert titles(member, kinds={CalendarKind.PROPOSAL}) == [
        "Last day to say what you think: Change “Three meetings”"
    ]
    assert titles(somebody, kinds={CalendarKind.PROPOSAL}) == []


@pytest.mark.parametrize("address", ["?", "?view=month"])
def test_the_calendar_costs_the_same_at_one_row_and_at_30(client, address, soon):
    group = GroupFactory()
    client.force_login(coordinator_of(group))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("mywork:calendar") + address).status_code == 200
        return len(queries)

    MeetingFactory(group=group, starts_at=soon)
    once = cost()
    for _number in range(29):
        MeetingFactory(group=group, starts_at=soon)
    assert cost() == once <= 15


@pytest.mark.parametrize("month", ["2022-13", "x", "0000-01", "99999-1", "2022-07-01", "-1--1", ""])
def test_a_month_that_is_none_shows_todays(client, somebody, month):
    client.force_login(somebody)
    page = client.get(reverse("mywork:calendar"), {"view": "month", "month": month})
    assert page.context["month"] == timezone.localdate().replace(day=1)


def test_a_month_has_whole_weeks_and_each_day_its_lines(client, somebody):
    weeks = calendar.weeks_of(date(2022, 7, 1), [], date(2022, 7, 26))
    assert [week[0].day.weekday() for week in weeks] == [0] * 5
    assert [day.day for week in weeks for day in week if day.is_today] == [date(2022, 7, 26)]
