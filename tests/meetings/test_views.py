"""The pages: who may open them, what they save, bad input, and what stays hidden."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from meetings import services, transitions
from meetings.enums import ActionState, GroupKind, LogState, MeetingState, Speech
from meetings.models import LogMessage, LogQuote, LogSuggestion, Meeting, MeetingLog, Member
from notifications.models import Message
from tests.accounts.factories import person_with

from .factories import (
    ActionFactory,
    GroupFactory,
    MeetingFactory,
    MeetingLogFactory,
    MemberFactory,
    coordinator_of,
    seen_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now):
    with time_machine.travel(now, tick=False):
        yield


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def browser(coordinator):
    return signed_in(coordinator)


def at(name, *args):
    return reverse(f"meetings:{name}", args=args)


def pages(group, meeting, coming):
    member = group.members.first()
    log = MeetingLogFactory(meeting=meeting)
    item = LogSuggestion.objects.create(log=log, text="Rota on the wall")
    action = ActionFactory(group=group, meeting=meeting)
    return {
        "coordinator": [
            at("member-add", group.pk),
            at("reminders", group.pk),
            at("meeting-add", group.pk),
            at("member", member.pk),
            at("member-invite", member.pk),
            at("member-leave", member.pk),
            at("action", action.pk),
            at("meeting-change", coming.pk),
            at("meeting-invite", coming.pk),
            at("meeting-cancel", coming.pk),
            at("log", meeting.pk),
            at("log-attendance", meeting.pk),
            at("log-shared", meeting.pk),
            at("log-check", meeting.pk),
            at("log-answer", meeting.pk),
            at("log-reopen", meeting.pk),
            at("log-items", meeting.pk, "suggestions"),
            at("log-items", meeting.pk, "quotes"),
            at("log-items", meeting.pk, "actions"),
            at("log-item", meeting.pk, "suggestions", item.pk),
            at("log-item", meeting.pk, "actions", action.pk),
            at("log-item-remove", meeting.pk, "suggestions", item.pk),
        ],
        "everybody": [at("group", group.pk), at("meeting", meeting.pk), at("meeting", coming.pk)],
    }


def statuses(person, addresses):
    client = signed_in(person)
    return {address: client.get(address).status_code for address in addresses}


def test_each_page_opens_for_its_people_and_for_nobody_else(
    group, meeting, coming, coordinator, member
):
    found = pages(group, meeting, coming)
    every = found["coordinator"] + found["everybody"]
    assert set(statuses(coordinator, every).values()) == {200}
    assert set(statuses(member, found["everybody"]).values()) == {200}
    assert set(statuses(member, found["coordinator"]).values()) == {403}
    stranger = coordinator_of(GroupFactory())
    assert set(statuses(stranger, every).values()) == {404}


def test_visitors_are_sent_to_sign_in(client, meeting):
    answer = client.get(at("log", meeting.pk))
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/")


def test_a_meeting_is_logged_step_by_step(browser, group, meeting):
    bryn, casey = group.members.order_by("name")
    page = browser.get(at("log-attendance", meeting.pk))
    answer = browser.post(
        at("log-attendance", meeting.pk),
        {
            "seen": page.context["form"]["seen"].value(),
            f"member_{bryn.pk}": "apologies",
            "rest_came": "on",
            "guests_carer": "1",
        },
    )
    assert answer.url == at("log-shared", meeting.pk)
    assert services.attendance_values(meeting) == {
        f"member_{bryn.pk}": "apologies",
        f"member_{casey.pk}": "came",
        "guests_carer": "1",
    }
    page = browser.get(answer.url)
    words = {"shared": "Choice", "themes": " One \r\n\r\nTwo", "helped": "", "later": "1"}
    answer = browser.post(answer.url, words | {"seen": page.context["form"]["seen"].value()})
    assert answer.url == at("log", meeting.pk)
    suggestions = at("log-items", meeting.pk, "suggestions")
    browser.post(suggestions, {"text": "Rota on\r\nthe wall", "perspective": "carer"})
    browser.post(
        at("log-items", meeting.pk, "quotes"),
        {"text": "It is my door", "perspective": "", "has_consent": "on"},
    )
    browser.post(
        at("log-items", meeting.pk, "actions"),
        {
            "text": "Ask",
            "owner": casey.pk,
            "due_on_day": "1",
            "due_on_month": "9",
            "due_on_year": "2022",
        },
    )
    check = browser.get(at("log-check", meeting.pk))
    assert check.context["gaps"] == []
    answer = browser.post(at("log-check", meeting.pk))
    log = MeetingLog.objects.get(meeting=meeting)
    assert log.state == LogState.SUBMITTED
    assert [theme.text for theme in log.themes.all()] == ["One", "Two"]
    assert log.suggestions.get().text == "Rota on the wall"
    assert log.quotes.get().has_consent is True
    assert meeting.actions.get().owner == casey


def test_both_texts_stand_on_the_page_when_two_log_at_once(browser, group, meeting, now):
    address = at("log-shared", meeting.pk)
    first_seen = browser.get(address).context["form"]["seen"].value()
    other = signed_in(coordinator_of(group))
    theirs = {"shared": "What they heard", "themes": "", "helped": "", "seen": first_seen}
    assert other.post(address, theirs).status_code == 302
    answer = browser.post(address, theirs | {"shared": "What I heard"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What they heard" in page
    assert "What I heard" in page
    assert MeetingLog.objects.get().shared == "What they heard"
    both = {"shared": "What they heard. What I heard.", "themes": "", "helped": ""}
    renewed = answer.context["form"]["seen"].value()
    assert browser.post(address, both | {"seen": renewed}).status_code == 302
    assert MeetingLog.objects.get().shared == "What they heard. What I heard."


def test_attendance_marked_by_two_shows_what_the_other_marked(browser, group, meeting):
    bryn = group.members.get(name="Bryn")
    address = at("log-attendance", meeting.pk)
    seen = browser.get(address).context["form"]["seen"].value()
    signed_in(coordinator_of(group)).post(address, {"seen": seen, f"member_{bryn.pk}": "came"})
    answer = browser.post(address, {"seen": seen, f"member_{bryn.pk}": "absent"})
    assert answer.context["clash_rows"] == [("Bryn", "came", "absent")]


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("suggestions", {"text": ""}, "What could be done: enter an answer"),
        ("suggestions", {"text": "x" * 501}, "at most 500 characters"),
        ("suggestions", {"text": "Rota", "perspective": "boss"}, "Select a valid choice"),
        ("quotes", {"text": "Mine"}, "They agreed that we may quote them: tick the box to go on"),
        ("actions", {"text": "Ask", "owner": "999999"}, "Select a valid choice"),
        (
            "actions",
            {"text": "Ask", "due_on_day": "31", "due_on_month": "2", "due_on_year": "2022"},
            "Enter a real date",
        ),
    ],
)
def test_bad_input_is_refused_and_kept_on_the_page(browser, meeting, kind, data, message):
    answer = browser.post(at("log-items", meeting.pk, kind), data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert message in page
    assert "<title>Error:" in page
    assert data["text"] in page
    assert MeetingLog.objects.count() == 0


def test_going_on_adds_what_is_in_the_box_first(browser, meeting):
    suggestions, quotes = (at("log-items", meeting.pk, kind) for kind in ("suggestions", "quotes"))
    assert browser.post(suggestions, {"text": " ", "onward": "1"}).url == quotes
    assert MeetingLog.objects.count() == 0
    assert browser.post(suggestions, {"text": "Rota", "onward": "1"}).url == quotes
    assert LogSuggestion.objects.get().text == "Rota"
    refused = browser.post(quotes, {"text": "My door", "onward": "1"})
    assert "tick the box to go on" in refused.content.decode()
    assert "My door" in refused.content.decode()


def test_too_many_themes_are_refused(browser, meeting):
    themes = "\n".join(f"Theme {number}" for number in range(21))
    answer = browser.post(at("log-shared", meeting.pk), {"shared": "", "themes": themes})
    assert "at most 20" in answer.content.decode()


def test_an_unknown_kind_of_item_is_not_found(browser, meeting):
    assert browser.get(at("log-items", meeting.pk, "gossip")).status_code == 404
    assert browser.get(at("log-item", meeting.pk, "gossip", 1)).status_code == 404
    assert browser.get(at("log-item-remove", meeting.pk, "gossip", 1)).status_code == 404


def test_another_meetings_suggestion_is_not_found(browser, group, meeting):
    other = LogSuggestion.objects.create(
        log=MeetingLogFactory(meeting__group=group), text="Of another meeting"
    )
    assert browser.get(at("log-item", meeting.pk, "suggestions", other.pk)).status_code == 404
    address = at("log-item-remove", meeting.pk, "suggestions", other.pk)
    assert browser.post(address).status_code == 404
    assert LogSuggestion.objects.count() == 1


def test_an_item_is_changed_and_removed(browser, meeting):
    log = MeetingLogFactory(meeting=meeting)
    item = LogQuote.objects.create(log=log, text="My door", has_consent=True)
    address = at("log-item", meeting.pk, "quotes", item.pk)
    seen = browser.get(address).context["form"]["seen"].value()
    data = {"text": "It is my door", "perspective": "", "has_consent": "on", "seen": seen}
    assert browser.post(address, data).url == at("log-items", meeting.pk, "quotes")
    item.refresh_from_db()
    assert item.text == "It is my door"
    browser.post(at("log-item-remove", meeting.pk, "quotes", item.pk))
    assert log.quotes.count() == 0


def test_a_sent_log_says_so_when_somebody_still_saves(browser, meeting, now):
    MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)
    answer = browser.post(
        at("log-shared", meeting.pk), {"shared": "More", "themes": "", "helped": ""}, follow=True
    )
    assert "This log has been sent" in answer.content.decode()


def test_a_step_left_empty_is_not_called_saved(browser, meeting):
    step = at("log-shared", meeting.pk)
    answer = browser.post(step, {"shared": "", "themes": "", "helped": ""}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == [
        "Nothing is filled in there yet. Come back to it later."
    ]
    seen = browser.get(step).context["form"].initial["seen"]
    data = {"shared": "We met.", "themes": "", "helped": "", "seen": seen}
    answer = browser.post(step, data, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["Saved."]


def test_a_log_with_gaps_is_not_sent_from_the_check_page(browser, meeting):
    MeetingLogFactory(meeting=meeting, shared="")
    answer = browser.post(at("log-check", meeting.pk), follow=True)
    assert "Write what people shared." in answer.content.decode()


def test_a_question_is_answered(browser, meeting, team, now):
    log = MeetingLogFactory(meeting=meeting, state=LogState.RETURNED, submitted_at=now)
    LogMessage.objects.create(
        log=log, speech=Speech.QUESTION, text="Who told the others?", by=team, at=now
    )
    for member in meeting.group.members.all():
        meeting.attendances.create(member=member, presence="came")
    address = at("log-answer", meeting.pk)
    assert "Who told the others?" in browser.get(address).content.decode()
    assert "enter an answer" in browser.post(address, {"reason": " "}).content.decode()
    browser.post(address, {"reason": "We rang them."})
    log.refresh_from_db()
    assert log.state == LogState.SUBMITTED
    assert log.talk.last().text == "We rang them."


def test_a_sent_log_is_taken_back(browser, meeting, now):
    log = MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)
    browser.post(at("log-take-back", meeting.pk))
    log.refresh_from_db()
    assert log.state == LogState.DRAFT


def test_the_team_finds_the_way_to_review_a_sent_log(team, meeting, now):
    MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)
    page = signed_in(team).get(at("log", meeting.pk)).content.decode()
    assert "/staff/networks/returns/" in page


def test_a_finished_log_of_an_assembly_is_opened_again(now):
    staff = person_with(RoleKind.PROGRAMME_STAFF)
    group = GroupFactory(kind=GroupKind.ASSEMBLY)
    meeting = MeetingFactory(group=group, starts_at=now - timedelta(days=1))
    log = MeetingLogFactory(meeting=meeting)
    browser = signed_in(staff)
    browser.post(at("log-check", meeting.pk))
    log.refresh_from_db()
    assert log.state == LogState.ACCEPTED
    browser.post(at("log-reopen", meeting.pk), {"reason": "A wrong number"})
    log.refresh_from_db()
    assert log.state == LogState.DRAFT


def test_a_member_is_added_changed_invited_and_leaves(browser, group):
    answer = browser.post(
        at("member-add", group.pk), {"name": "Devon", "perspective": "provider", "email": ""}
    )
    member = Member.objects.get(group=group, name="Devon")
    assert answer.status_code == 302
    details = {"name": "Dev", "perspective": "carer"}
    seen = seen_of(member, ["name", "perspective"])
    browser.post(at("member", member.pk), details | {"seen": seen})
    browser.post(at("member-invite", member.pk), {"email": "dev@example.org"})
    member.refresh_from_db()
    assert (member.name, member.perspective) == ("Dev", "carer")
    assert Message.objects.get().address == "dev@example.org"
    browser.post(at("member-leave", member.pk))
    assert Member.objects.current().filter(group=group).count() == 0


def test_a_second_person_is_told_and_overwrites_nothing_in_silence(browser, coming):
    page = browser.get(at("meeting-change", coming.pk))
    seen = page.context["form"]["seen"].value()
    browser.post(at("meeting-change", coming.pk), when() | {"place": "Library", "seen": seen})
    second = when() | {"place": "School", "joining": "Ring the bell.", "seen": seen}
    again = browser.post(at("meeting-change", coming.pk), second)
    shown = again.content.decode()
    assert "Somebody else changed these details" in shown
    assert "School" in shown and "Ring the bell." in shown
    coming.refresh_from_db()
    assert coming.place == "Library"
    carried = again.context["form"]["seen"].value()
    browser.post(at("meeting-change", coming.pk), second | {"seen": carried})
    coming.refresh_from_db()
    assert coming.place == "School"


def test_a_member_needs_a_name_and_a_group(browser, group):
    page = browser.post(at("member-add", group.pk), {"email": "no address"}).content.decode()
    assert "The name they like to be called: enter an answer" in page
    assert "Which group do they come from: choose an answer" in page
    assert Member.objects.count() == 0


def when(**parts):
    words = {"day": "9", "month": "8", "year": "2022", "time": "2pm"} | parts
    return {f"starts_at_{name}": value for name, value in words.items()}


def test_a_meeting_is_planned_changed_invited_to_cancelled_and_planned_again(browser, group):
    answer = browser.post(at("meeting-add", group.pk), when() | {"ends_at": "4pm"})
    meeting = Meeting.objects.get()
    assert answer.url == at("meeting", meeting.pk)
    assert (meeting.ends_at - meeting.starts_at) == timedelta(hours=2)
    browser.post(at("meeting-invite", meeting.pk))
    seen = browser.get(at("meeting-change", meeting.pk)).context["form"]["seen"].value()
    browser.post(at("meeting-change", meeting.pk), when(time="3pm") | {"seen": seen})
    browser.post(at("meeting-cancel", meeting.pk), {"reason": "Snow"})
    meeting.refresh_from_db()
    assert meeting.invited_at is not None
    assert meeting.state == MeetingState.CANCELLED
    page = browser.get(at("meeting", meeting.pk)).content.decode()
    assert "Tuesday 9 August 2022, 3pm" in page
    assert "Snow" in page
    browser.post(at("meeting-reinstate", meeting.pk))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (when(day=""), "must include a day"),
        (when(time="late"), "Enter a time"),
        (when() | {"ends_at": "1pm"}, "must end after it begins"),
        (when() | {"ends_at": "soon"}, "Enter a time"),
    ],
)
def test_a_meeting_without_a_real_time_is_refused(browser, group, data, message):
    page = browser.post(at("meeting-add", group.pk), data).content.decode()
    assert message in page
    assert Meeting.objects.count() == 0


def test_a_cancelled_meeting_needs_a_reason(browser, coming):
    browser.post(at("meeting-cancel", coming.pk), {"reason": ""})
    coming.refresh_from_db()
    assert coming.state == MeetingState.PLANNED


@pytest.mark.parametrize("days", ["0", "15", "three"])
def test_days_of_reminder_outside_of_a_fortnight_are_refused(browser, group, days):
    assert browser.post(at("reminders", group.pk), {"days": days}).status_code == 200
    seen = seen_of(group, ["remind_days_ahead"])
    browser.post(at("reminders", group.pk), {"days": "5", "seen": seen})
    group.refresh_from_db()
    assert group.remind_days_ahead == 5


def test_a_member_says_that_their_action_is_done(group, member):
    action = ActionFactory(group=group, owner=group.members.get(person=member))
    browser = signed_in(member)
    address = at("action", action.pk)
    page = browser.post(address, {"step": "dropped", "reason": ""}).content.decode()
    assert "Say in a sentence what happened." in page
    browser.post(address, {"step": "done", "reason": ""})
    action.refresh_from_db()
    assert action.state == ActionState.DONE


def test_a_member_sees_no_names_of_others_and_no_log(group, member, meeting):
    MeetingLogFactory(meeting=meeting, shared="Said in trust")
    client = signed_in(member)
    page = client.get(at("meeting", meeting.pk)).content.decode()
    assert "Bryn" not in page + client.get(at("group", group.pk)).content.decode()
    assert "Said in trust" not in page


def test_leaders_read_a_log_without_names(meeting, now):
    bryn = meeting.group.members.get(name="Bryn")
    meeting.attendances.create(member=bryn, presence="absent")
    MeetingLogFactory(meeting=meeting, state=LogState.SUBMITTED, submitted_at=now)
    page = signed_in(person_with(RoleKind.LEADERSHIP)).get(at("log", meeting.pk)).content.decode()
    assert "We talked about choosing who supports us." in page
    assert "Bryn" not in page


@pytest.mark.parametrize("name", ["group", "meeting", "log"])
def test_pages_cost_the_same_with_one_row_and_with_thirty(browser, group, meeting, name):
    def add(count):
        for _each in range(count):
            member = MemberFactory(group=group)
            other = MeetingLogFactory(meeting__group=group).meeting
            other.attendances.create(member=member, presence="came")
            meeting.attendances.create(member=member, presence="apologies")
            ActionFactory(group=group, meeting=meeting, owner=member)
            log = MeetingLog.objects.get_or_create(meeting=meeting)[0]
            LogSuggestion.objects.create(log=log, text=f"Suggestion {member.pk}")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            pk = group.pk if name == "group" else meeting.pk
            assert browser.get(at(name, pk)).status_code == 200
        return len(queries)

    add(1)
    cost()
    few = cost()
    add(29)
    assert cost() == few
    assert few <= 15


def test_steps_that_only_post_refuse_a_get(browser, meeting):
    assert browser.get(at("log-take-back", meeting.pk)).status_code == 405
    assert browser.get(at("meeting-reinstate", meeting.pk)).status_code == 405


def test_cancelling_twice_says_that_it_is_done(browser, coming, coordinator, now):
    transitions.cancel(meeting=coming, by=coordinator, now=now, reason="Snow")
    browser.post(at("meeting-cancel", coming.pk), {"reason": "Snow"})
    coming.refresh_from_db()
    assert coming.state == MeetingState.CANCELLED
