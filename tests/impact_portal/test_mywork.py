"""My work and the calendar: what concerns a person, no more, and its address for programs."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts import services
from accounts.enums import RoleKind
from accounts.models import CalendarFeed
from accounts.services import end_role, grant_role
from impact_portal.mywork.calendar import month_of, occasions_of
from impact_portal.mywork.feed import feed_of
from meetings import transitions as meeting_steps
from projects.enums import ProjectState
from tests.accounts.factories import UserFactory
from tests.expressions.factories import CallFactory, SubmittedFactory
from tests.meetings.factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MemberFactory,
    coordinator_of,
)
from tests.partners.factories import contact_of
from tests.projects.factories import MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def titles(person, today, days=60):
    return [one.title for one in occasions_of(person, today - DAY, today + days * DAY)]


def meeting_of(group, **changes):
    return MeetingFactory(group=group, starts_at=timezone.now() + 3 * DAY, **changes)


def text(response):
    return response.content.decode()


# --- What concerns whom ---------------------------------------------------------------------


def test_coordinator_has_the_meetings_and_actions_of_their_own_group_alone(today):
    group, other = GroupFactory(), GroupFactory()
    person = coordinator_of(group)
    mine = meeting_of(group)
    meeting_of(other)
    ActionFactory(group=group, text="Write to the council", due_on=today + DAY)
    ActionFactory(group=other, text="Theirs", due_on=today + DAY)
    assert titles(person, today) == ["Write to the council", f"{group}: {mine}"]


def test_lead_has_the_milestones_of_the_projects_they_lead_until_these_are_done(staff, today):
    own = ProjectFactory(lead=staff, state=ProjectState.LIVE)
    MilestoneFactory(project=own, title="Agree the issue", due_on=today + DAY)
    MilestoneFactory(project=own, title="Done", due_on=today + DAY, done_on=today)
    MilestoneFactory(project=ProjectFactory(state=ProjectState.LIVE), due_on=today + DAY)
    assert titles(staff, today) == ["Agree the issue"]


def test_partner_has_open_calls_and_somebody_without_a_role_has_nothing(today):
    call = CallFactory(title="Host a project", closes_at=timezone.now() + 9 * DAY)
    partner = contact_of(SubmittedFactory(call=call).organisation)
    assert titles(partner, today) == ["Host a project closes"]
    assert titles(UserFactory(), today) == []


def test_a_draft_of_a_call_is_on_the_calendar_of_staff_alone(staff, today):
    call = CallFactory(title="Not yet", state="draft", opens_at=timezone.now() + DAY)
    partner = contact_of(SubmittedFactory().organisation)
    assert "Not yet opens" in titles(staff, today)
    assert f"{call.title} opens" not in titles(partner, today)


# --- The pages ------------------------------------------------------------------------------


def test_my_work_says_what_is_due_what_waits_and_what_i_wait_for(client):
    expression = SubmittedFactory(call=CallFactory(title="Host a project"))
    client.force_login(contact_of(expression.organisation))
    page = client.get(reverse("mywork:mine"))
    assert [line.text for line in page.context["awaited"]] == ["Our answer about “Host a project”"]
    assert "Nobody waits for you" in text(page)


def test_calendar_lists_days_and_narrows_to_a_kind(client):
    group = GroupFactory()
    meeting = meeting_of(group)
    ActionFactory(group=group, text="Write", due_on=timezone.localdate() + DAY)
    client.force_login(coordinator_of(group))
    page = client.get(reverse("mywork:calendar"))
    assert [day.occasions[0].kind for day in page.context["days"]] == ["action", "meeting"]
    one = client.get(reverse("mywork:calendar"), {"kind": "meeting"})
    assert [day.occasions[0].title for day in one.context["days"]] == [f"{group}: {meeting}"]


@pytest.mark.parametrize("month", ["2026-13", "x", "", "0000-01", "99999-01", "2026-1\x00"])
def test_month_that_is_none_shows_the_coming_weeks(client, somebody, month):
    client.force_login(somebody)
    page = client.get(reverse("mywork:calendar"), {"month": month})
    assert (page.status_code, page.context["month"]) == (200, None)


def test_month_begins_on_monday_and_leaves_other_months_empty():
    month = month_of(date(2026, 11, 1), [], date(2026, 11, 27))
    assert [week[0].date.isoweekday() for week in month.weeks] == [1] * 6
    assert month.weeks[0][0].is_outside
    assert (month.before, month.after) == (date(2026, 10, 1), date(2026, 12, 1))


@pytest.mark.parametrize("name", ["mywork:mine", "mywork:calendar"])
def test_pages_cost_the_same_for_one_row_and_for_thirty(
    client, django_assert_max_num_queries, name
):
    group = GroupFactory()
    client.force_login(coordinator_of(group))
    meeting_of(group)
    ActionFactory(group=group, due_on=timezone.localdate() + DAY)
    client.get(reverse(name))
    with django_assert_max_num_queries(15) as few:
        client.get(reverse(name))
    for number in range(30):
        MeetingFactory(group=group, starts_at=timezone.now() + number * DAY)
        ActionFactory(group=group, due_on=timezone.localdate() + DAY)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(name))


# --- The address for a calendar program -----------------------------------------------------


@pytest.fixture
def person():
    group = GroupFactory()
    person = coordinator_of(group)
    person.group = group
    return person


def feed_address(client, person):
    client.force_login(person)
    page = client.post(reverse("mywork:subscribe"))
    address = page.context["address"]
    client.logout()
    return address[address.index("/my-work/") :]


def events(content):
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_feed_is_read_without_signing_in_and_only_its_hash_is_kept(client, person):
    meeting = meeting_of(person.group, place="Library, Bangor")
    address = feed_address(client, person)
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert not answer.cookies
    [event] = events(answer.content)
    assert str(event["summary"]) == f"Meeting: {person.group}: {meeting}"
    assert str(event["location"]) == "Library, Bangor"
    assert event["dtstart"].dt == meeting.starts_at.replace(microsecond=0)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    token = address.split("/")[-1].removesuffix(".ics")
    assert CalendarFeed.objects.get().token_hash == services.hash_token(token)


def test_feed_has_the_clock_of_london_on_both_sides_of_the_change(person):
    now = timezone.now().replace(year=2027, month=3, day=20, hour=9)
    for day in (26, 29):
        starts = now.replace(day=day, hour=14 if day == 26 else 13, minute=0, second=0)
        MeetingFactory(group=person.group, starts_at=starts)
    content = feed_of(person, now, "https://portal.example")
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert [event["dtstart"].dt.hour for event in events(content)] == [14, 14]


def test_feed_says_that_a_meeting_was_moved_or_cancelled(client, person, now):
    meeting = meeting_of(person.group)
    address = feed_address(client, person)
    [before] = events(client.get(address).content)
    meeting_steps.cancel(meeting=meeting, by=person, now=now, reason="Snow")
    [after] = events(client.get(address).content)
    assert after["uid"] == before["uid"]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] >= before["sequence"]


def test_feed_that_has_not_changed_is_not_sent_again(client, person):
    meeting_of(person.group)
    address = feed_address(client, person)
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_feed_narrows_at_once_when_a_role_ends_and_closes_with_the_account(client, person, now):
    meeting_of(person.group)
    address = feed_address(client, person)
    manager = UserFactory()
    grant_role(person=manager, kind=RoleKind.PROGRAMME_MANAGER, scope=None, by=manager, now=now)
    for role in person.roles.all():
        end_role(role=role, by=manager, now=timezone.now())
    assert events(client.get(address).content) == []
    person.is_active = False
    person.save()
    assert client.get(address).status_code == 404


def test_a_new_address_or_stopping_puts_the_old_one_out_of_use(client, person):
    first = feed_address(client, person)
    second = feed_address(client, person)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    client.force_login(person)
    page = client.post(reverse("mywork:stop"), follow=True)
    assert "The private address works no longer." in text(page)
    client.logout()
    wrong = reverse("mywork:feed", args=["not-a-secret"])
    answers = [(address, client.get(address)) for address in (second, wrong)]
    assert [answer.status_code for _address, answer in answers] == [404, 404]
    told = [re.sub(r'value="[^"]*"', "", text(answer)) for _address, answer in answers]
    assert told[0] == told[1]


def test_address_is_shown_once_and_to_its_person_alone(client, person):
    feed_address(client, person)
    client.force_login(person)
    page = text(client.get(reverse("mywork:subscribe")))
    assert "You made a private address on" in page
    assert ".ics" not in page


def test_member_invited_to_nothing_has_an_empty_feed(client):
    member = MemberFactory(person=UserFactory())
    assert events(client.get(feed_address(client, member.person)).content) == []
