"""Members, meetings and logs: what is written, what is refused, and what a second click does."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import RoleKind
from accounts.services import (
    InvitationNotUsable,
    accept_invitation,
    make_invitation,
    usable_invitation,
)
from core.audit import entries_of
from core.versions import ChangedMeanwhile, version_of
from meetings import services, transitions
from meetings.enums import LogState, MeetingState, Perspective, Presence
from meetings.models import Action, GuestCount, LogQuote, LogSuggestion, Meeting, MeetingLog
from notifications.models import Message
from tests.accounts.factories import UserFactory

from .factories import ActionFactory, MeetingLogFactory, MemberFactory, coordinator_of, seen_of

pytestmark = pytest.mark.django_db

NOTHING = version_of({})
EMPTY = {"shared": "", "helped": "", "themes": ""}


def new_member(group, by, now, **changes):
    values = {"name": "Devon", "perspective": Perspective.CARER, "email": ""} | changes
    return services.add_member(group=group, by=by, now=now, **values)


def plan(group, by, now, **changes):
    values = {"title": "", "starts_at": now, "ends_at": None, "place": "", "joining": ""}
    return services.plan_meeting(group=group, values=values | changes, by=by, now=now)


def share(meeting, by, now, seen, **changes):
    values = EMPTY | changes
    return services.save_shared(
        meeting=meeting, values=values, seen=version_of(seen), by=by, now=now
    )


class TestMembers:
    def test_a_member_is_added_once_on_a_double_click(self, group, coordinator, now):
        assert new_member(group, coordinator, now) == new_member(group, coordinator, now)
        assert group.members.count() == 1

    def test_a_member_with_an_address_is_invited_and_linked_on_accepting(
        self, group, coordinator, now
    ):
        member = new_member(group, coordinator, now, email="devon@example.org")
        message = Message.objects.get(address="devon@example.org")
        assert message.kind == "meetings.member_invited"
        token = message.body.partition("/you/invitations/")[2].partition("/")[0]
        nobody = type("Nobody", (), {"is_authenticated": False})()
        person = accept_invitation(token=token, by=nobody, now=now, preferred_name="Devon")
        member.refresh_from_db()
        assert member.person == person
        assert person.has_perm("meetings.view_group", group)

    def test_without_an_address_nobody_is_written_to(self, group, coordinator, now):
        new_member(group, coordinator, now)
        assert Message.objects.count() == 0

    def test_whoever_leaves_loses_the_role_and_stays_on_record(self, group, member, now):
        row = group.members.get(person=member)
        services.end_membership(member=row, by=None, now=now)
        row.refresh_from_db()
        assert row.left_on == now.date()
        member.__dict__.pop("current_roles", None)
        assert not member.has_perm("meetings.view_group", group)

    def test_a_change_is_in_the_audit_trail_and_no_change_is_not(self, group, coordinator, now):
        row = MemberFactory(group=group, name="Bryn")
        seen = seen_of(row, services.MEMBER_FIELDS)
        for _time in range(2):
            services.change_member(
                member=row,
                values={"name": "Brynn", "perspective": row.perspective},
                seen=seen,
                by=coordinator,
                now=now,
            )
        assert [entry.changes for entry in entries_of(row)] == [{"name": ["Bryn", "Brynn"]}]

    def test_a_person_is_a_member_of_a_group_once_at_a_time(self, group, member):
        with pytest.raises(IntegrityError), transaction.atomic():
            MemberFactory(group=group, person=member)


class TestMeetings:
    def test_meetings_are_numbered_in_the_order_of_planning(self, group, coordinator, now):
        first = plan(group, coordinator, now)
        second = plan(group, coordinator, now, starts_at=now + timedelta(days=1))
        assert (first.number, second.number) == (1, 2)

    def test_the_same_moment_twice_is_planned_once(self, group, coordinator, now):
        assert plan(group, coordinator, now) == plan(group, coordinator, now)
        assert Meeting.objects.count() == 1

    def test_inviting_twice_sends_once(self, coming, coordinator, member, now):
        for _time in range(2):
            services.invite(meeting=coming, by=coordinator, now=now)
        assert Message.objects.filter(recipient=member).count() == 1

    def test_a_meeting_that_has_begun_is_not_invited_to(self, meeting, coordinator, now):
        assert services.invite(meeting=meeting, by=coordinator, now=now).invited_at is None
        assert Message.objects.count() == 0

    def test_a_new_title_alone_tells_nobody(self, coming, coordinator, member, now):
        coming = services.invite(meeting=coming, by=coordinator, now=now)
        values = {name: getattr(coming, name) for name in services.MEETING_FIELDS}
        changed = values | {"title": "Our plan"}
        seen = seen_of(coming, services.MEETING_FIELDS)
        services.change_meeting(meeting=coming, values=changed, seen=seen, by=coordinator, now=now)
        assert Message.objects.filter(kind="meetings.meeting_moved").count() == 0
        changed["place"] = "Library"
        with pytest.raises(ChangedMeanwhile):
            services.change_meeting(
                meeting=coming, values=changed, seen=seen, by=coordinator, now=now
            )
        seen = seen_of(coming, services.MEETING_FIELDS)
        services.change_meeting(meeting=coming, values=changed, seen=seen, by=coordinator, now=now)
        moved = Message.objects.filter(kind="meetings.meeting_moved").get(recipient=member)
        assert "Library" in moved.body


class TestLog:
    def test_the_first_step_makes_the_log_and_notes_that_the_meeting_was_held(
        self, meeting, coordinator, now
    ):
        log = share(meeting, coordinator, now, EMPTY, shared="Choice", themes="One\nTwo\nOne")
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.HELD
        assert [theme.text for theme in log.themes.all()] == ["One", "Two"]

    def test_attendance_and_guests_are_saved_and_replaced(self, meeting, coordinator, now):
        first, second = meeting.group.members.all()
        values = {f"member_{first.pk}": "came", "guests_carer": "2"}
        common = {"meeting": meeting, "by": coordinator, "now": now}
        services.save_attendance(values=values, seen=NOTHING, **common)
        assert meeting.attendances.get().presence == Presence.CAME
        assert list(GuestCount.objects.values_list("perspective", "number")) == [("carer", 2)]
        changed = {f"member_{second.pk}": "apologies"}
        services.save_attendance(values=changed, seen=version_of(values), **common)
        assert services.attendance_values(meeting) == changed

    def test_two_coordinators_at_once_lose_no_text(self, meeting, coordinator, now):
        other = coordinator_of(meeting.group)
        share(meeting, coordinator, now, EMPTY, shared="What I heard")
        with pytest.raises(services.AnswersDiffer) as clash:
            share(meeting, other, now, EMPTY, shared="What she heard")
        assert clash.value.differences == [
            services.Difference("shared", "What I heard", "What she heard")
        ]
        assert MeetingLog.objects.get().shared == "What I heard"
        both = "What I heard. What she heard"
        share(meeting, other, now, clash.value.saved, shared=both)
        assert MeetingLog.objects.get().shared == both

    def test_the_same_words_sent_twice_are_no_clash(self, meeting, coordinator, now):
        for _time in range(2):
            share(meeting, coordinator, now, EMPTY, shared="Choice")
        assert MeetingLog.objects.get().shared == "Choice"

    def test_a_theme_whose_words_stay_keeps_its_row(self, meeting, coordinator, now):
        log = share(meeting, coordinator, now, EMPTY, themes="One\nTwo")
        kept = log.themes.get(text="Two").pk
        share(meeting, coordinator, now, EMPTY | {"themes": "One\nTwo"}, themes="Two\nThree")
        assert log.themes.get(text="Two").pk == kept
        assert [theme.text for theme in log.themes.all()] == ["Two", "Three"]

    def test_a_suggestion_is_added_once_on_a_double_click(self, meeting, coordinator, now):
        for _time in range(2):
            services.add_item(
                meeting=meeting,
                model=LogSuggestion,
                values={"text": "Rota on the wall", "perspective": ""},
                by=coordinator,
                now=now,
            )
        assert LogSuggestion.objects.count() == 1

    def test_an_action_belongs_to_the_group_and_is_added_once(self, meeting, coordinator, now):
        values = {"text": "Ask the council", "owner": None, "due_on": None}
        for _time in range(2):
            services.add_action(meeting=meeting, values=values, by=coordinator, now=now)
        assert Action.objects.get().group == meeting.group

    def test_a_changed_suggestion_clashes_with_one_changed_meanwhile(
        self, meeting, coordinator, now
    ):
        log = MeetingLogFactory(meeting=meeting)
        item = LogSuggestion.objects.create(log=log, text="Rota")
        seen = version_of(services.item_values(item, ["text", "perspective"]))
        common = {"meeting": meeting, "item": item, "seen": seen, "by": coordinator, "now": now}
        services.change_item(values={"text": "Rota A", "perspective": ""}, **common)
        with pytest.raises(services.AnswersDiffer):
            services.change_item(values={"text": "Rota B", "perspective": ""}, **common)
        item.refresh_from_db()
        assert item.text == "Rota A"

    def test_an_action_with_an_outcome_is_not_removed_from_the_log(self, meeting, coordinator, now):
        action = ActionFactory(group=meeting.group, meeting=meeting)
        transitions.move_action(action=action, step_name="done", by=coordinator, now=now)
        action.refresh_from_db()
        with pytest.raises(services.LogClosed):
            services.remove_item(meeting=meeting, item=action, by=coordinator, now=now)
        assert Action.objects.count() == 1

    @pytest.mark.parametrize("state", [LogState.SUBMITTED, LogState.ACCEPTED])
    def test_a_log_that_was_sent_is_not_changed(self, meeting, coordinator, now, state):
        MeetingLogFactory(
            meeting=meeting,
            state=state,
            submitted_at=now,
            accepted_at=now if state == LogState.ACCEPTED else None,
        )
        with pytest.raises(services.LogClosed):
            share(meeting, coordinator, now, EMPTY, shared="Other words")

    def test_a_meeting_to_come_and_a_cancelled_one_are_not_logged(self, coming, coordinator, now):
        with pytest.raises(services.LogClosed):
            share(coming, coordinator, now, EMPTY, shared="Words")
        transitions.cancel(meeting=coming, by=coordinator, now=now, reason="Snow")
        with pytest.raises(services.LogClosed):
            share(coming, coordinator, coming.starts_at, EMPTY, shared="Words")
        assert MeetingLog.objects.count() == 0

    def test_a_quote_without_consent_cannot_be_stored(self, meeting):
        log = MeetingLogFactory(meeting=meeting)
        with pytest.raises(IntegrityError), transaction.atomic():
            LogQuote.objects.create(log=log, text="My own words")

    def test_an_accepted_log_without_its_time_cannot_be_stored(self, meeting, now):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingLogFactory(meeting=meeting, state=LogState.ACCEPTED, submitted_at=now)


def test_an_accepted_invitation_that_is_no_members_links_nobody(group, coordinator, now):
    row = MemberFactory(group=group)
    person = UserFactory()
    invitation, _token = make_invitation(
        email=person.email, kind=RoleKind.NETWORK_MEMBER, scope=group, by=coordinator, now=now
    )
    services.link_member(invitation, person, now)
    row.refresh_from_db()
    assert row.person is None


def test_only_the_last_invitation_of_a_member_works_and_none_once_they_have_left(
    group, coordinator, now
):
    member = new_member(group, coordinator, now, email="mistyped@example.org")
    services.invite_member(member=member, email="right@example.org", by=coordinator, now=now)
    letters = Message.objects.order_by("id").values_list("body", flat=True)
    tokens = [re.search(r"/you/invitations/([^/]+)/", body).group(1) for body in letters]
    with pytest.raises(InvitationNotUsable, match="out of date"):
        usable_invitation(token=tokens[0], now=now)
    assert usable_invitation(token=tokens[1], now=now).email == "right@example.org"
    services.end_membership(member=member, by=coordinator, now=now)
    with pytest.raises(InvitationNotUsable, match="out of date"):
        usable_invitation(token=tokens[1], now=now)


def test_an_invited_member_gets_the_role_of_their_kind_of_group():
    assert services.MEMBER_ROLES["assembly"] == RoleKind.ASSEMBLY_MEMBER
