"""The calendar as a page: what concerns whom, by list and by month."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.enums import CalendarKind
from expressions.enums import CallState
from expressions.models import Letter
from impact_portal.mywork import calendar
from tests.coproduction.factories import charter_with_clauses, member_of, proposal_by
from tests.expressions.assessing import reading_call
from tests.expressions.factories import CallFactory, SubmittedFactory
from tests.meetings.factories import GroupFactory, MeetingFactory, coordinator_of
from tests.meetings.factories import member_of as joins
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import MilestoneFactory, ProjectFactory, RiskFactory

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


def test_days_of_projects_risks_offers_and_own_roles_are_there(staff):
    today = timezone.localdate()
    day = today + timedelta(days=9)
    project = ProjectFactory(lead=staff, title="Time off", starts_on=today, ends_on=day)
    RiskFactory(project=project, review_on=day)
    staff.roles.update(ends_on=day)
    person = User.objects.get(pk=staff.pk)
    kinds = {CalendarKind.PROJECT, CalendarKind.RISK, CalendarKind.ROLE}
    found = [(str(one.title), one.whose, one.day) for one in entries_for(person, kinds)]
    assert sorted(found) == [
        ("First day", "Time off", today),
        ("Last day", "Time off", day),
        ("Last day of your role: Programme staff", "", day),
        ("Look again at a risk", "Time off", day),
    ]


def entries_for(user, kinds):
    return calendar.entries(user, *FOREVER, kinds=kinds)


def test_day_to_answer_an_offer_is_in_the_calendar_of_whoever_can_answer():
    organisation, day = OrganisationFactory(), timezone.localdate() + timedelta(days=9)
    writer, stranger = contact_of(organisation), contact_of(OrganisationFactory())
    call = reading_call(state=CallState.DECIDED, title="Networks 2031")
    one = SubmittedFactory(call=call, organisation=organisation, state="offered")
    Letter.objects.create(expression=one, outcome="offered", answer_by=day, at=timezone.now())
    words = "Answer our offer: Networks 2031"
    assert words in titles(writer, kinds={CalendarKind.CALL})
    assert words not in titles(stranger, kinds={CalendarKind.CALL})
