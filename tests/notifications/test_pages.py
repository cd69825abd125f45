"""The outbox for staff, people's own choices, and the way out of reminders."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from accounts.sections import account_links
from core.transitions import TransitionNotAllowed, transitions_of
from notifications import transitions
from notifications.enums import MessageState, Rhythm
from notifications.models import Message, Preference
from notifications.selectors import messages_of_person, preference_of, todo_for
from notifications.unsubscribing import KeyNotGood, read_key, unsubscribe_path
from tests.accounts.factories import UserFactory, person_with
from tests.notifications.example_room.apps import RECEIPT, REMINDER, SECRET
from tests.notifications.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_room")]


def uncertain(**fields) -> Message:
    return MessageFactory(kind=REMINDER.name, state=MessageState.UNCERTAIN, **fields)


def step(message: Message, name: str) -> str:
    return reverse("notifications:step", args=[message.pk, name])


STAFF_PAGES = ["ledger", "to-settle", "coming"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (RoleKind.PROGRAMME_STAFF, 200),
        (RoleKind.PROGRAMME_MANAGER, 200),
        (RoleKind.ENGAGEMENT_LEAD, 403),
        (RoleKind.NETWORKS_LEAD, 403),
        (RoleKind.LEADERSHIP, 403),
        (None, 403),
    ],
)
def test_outbox_is_for_the_programme_team(client, somebody, role, status):
    client.force_login(person_with(role) if role else somebody)
    pages = [reverse(f"notifications:{name}") for name in STAFF_PAGES]
    assert [client.get(page).status_code for page in pages] == [status] * 3
    message = uncertain()
    hidden = 404 if status == 403 else 200
    assert client.get(message.get_absolute_url()).status_code == hidden
    assert client.post(step(message, "leave")).status_code == (302 if status == 200 else 404)


def test_list_of_visible_messages_agrees_with_the_rule(staff, somebody):
    message = MessageFactory()
    for person in [staff, somebody]:
        visible = message in Message.objects.visible_to(person)
        assert visible == person.has_perm("notifications.view_ledger", message)


def test_filters_narrow_the_ledger(staff_client):
    uncertain(subject="Perhaps")
    MessageFactory(subject="Waiting")
    page = staff_client.get(reverse("notifications:ledger"), {"state": "uncertain"})
    assert [row.subject for row in page.context["page"].rows] == ["Perhaps"]
    page = staff_client.get(reverse("notifications:ledger"), {"kind": RECEIPT.name})
    assert [row.subject for row in page.context["page"].rows] == ["Waiting"]
    page = staff_client.get(reverse("notifications:ledger"), {"state": "nonsense"})
    assert page.status_code == 200


@pytest.mark.parametrize("name", STAFF_PAGES[:2])
def test_lists_cost_the_same_for_one_message_and_for_thirty(staff_client, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff_client.get(reverse(f"notifications:{name}"))
        return len(captured)

    uncertain()
    one = queries()
    for _ in range(29):
        uncertain()
    assert queries() == one <= 8


def test_message_page_shows_the_text_but_never_that_of_a_key(staff_client):
    plain = MessageFactory(body="Read **this**.")
    key = MessageFactory(kind=SECRET.name, body="https://example.org/key")
    unknown = MessageFactory(kind="room.gone", body="https://example.org/key")
    pages = [
        staff_client.get(message.get_absolute_url()).content.decode()
        for message in [plain, key, unknown]
    ]
    assert "<strong>this</strong>" in pages[0]
    assert "example.org/key" not in pages[1]
    assert "example.org/key" not in pages[2]


def test_send_again_puts_an_uncertain_message_back_under_its_old_id(staff_client, staff):
    message = uncertain(attempts=1, problem="TimeoutError")
    answer = staff_client.post(step(message, "send-again"), follow=True)
    old_id = message.message_id
    message.refresh_from_db()
    assert (message.state, message.attempts, message.problem) == (MessageState.QUEUED, 0, "")
    assert message.message_id == old_id
    assert "done" in answer.content.decode()
    assert [(entry.step, entry.by) for entry in transitions_of(message)] == [("send_again", staff)]
    staff_client.post(step(message, "send-again"))
    assert transitions_of(message).count() == 1


def test_leave_lets_a_failed_message_be_and_empties_a_key(staff_client):
    message = MessageFactory(kind=SECRET.name, state=MessageState.FAILED, body="key")
    staff_client.post(step(message, "leave"))
    message.refresh_from_db()
    assert (message.state, message.body) == (MessageState.DROPPED, "")


@pytest.mark.parametrize("deed", [transitions.send_again, transitions.leave])
def test_sent_message_can_neither_be_sent_again_nor_left(deed, staff, now):
    message = MessageFactory(state=MessageState.SENT, sent_at=now)
    with pytest.raises(TransitionNotAllowed):
        deed(message=message, by=staff, now=now)


def test_second_thoughts_of_somebody_else_are_told(staff_client, staff, now):
    message = uncertain()
    transitions.leave(message=message, by=staff, now=now)
    page = staff_client.post(step(message, "send-again"), follow=True).content.decode()
    assert "cannot be done now" in page


def test_unknown_step_is_not_found_and_a_get_does_nothing(staff_client):
    message = uncertain()
    assert staff_client.post(step(message, "explode")).status_code == 404
    assert staff_client.get(step(message, "leave")).status_code == 405


def test_todo_is_for_the_programme_team_and_costs_others_nothing(staff, now):
    assert todo_for(staff, now) == []
    uncertain()
    MessageFactory(state=MessageState.FAILED)
    (todo,) = todo_for(staff, now)
    assert (todo.count, todo.url) == (2, reverse("notifications:to-settle"))
    somebody = UserFactory()
    assert somebody.current_roles == []
    with CaptureQueriesContext(connection) as captured:
        assert todo_for(somebody, now) == []
    assert len(captured) == 0


# --- One's own choices -------------------------------------------------------------------------


def test_account_page_leads_to_the_choices():
    assert account_links.get("messages").url_name == "notifications:preferences"


def test_choices_offer_the_reminders_that_somebody_has_had(client, somebody):
    client.force_login(somebody)
    address = reverse("notifications:preferences")
    assert "Something is due" not in client.get(address).content.decode()
    MessageFactory(kind=REMINDER.name, recipient=somebody)
    page = client.get(address).content.decode()
    assert "Something is due" in page
    assert "A receipt" not in page


def test_choices_are_kept(client, somebody):
    MessageFactory(kind=REMINDER.name, recipient=somebody)
    client.force_login(somebody)
    address = reverse("notifications:preferences")
    client.post(address, {"rhythm": "weekly"})
    chosen = Preference.objects.get(person=somebody)
    assert (chosen.rhythm, chosen.muted_kinds) == (Rhythm.WEEKLY, [REMINDER.name])
    client.post(address, {"rhythm": "daily", "wanted_kinds": [REMINDER.name]})
    chosen.refresh_from_db()
    assert (chosen.rhythm, chosen.muted_kinds) == (Rhythm.DAILY, [])


@pytest.mark.parametrize(
    "answers", [{}, {"rhythm": "hourly"}, {"rhythm": "daily", "wanted_kinds": ["a.b"]}]
)
def test_choices_that_are_not_offered_are_refused(client, somebody, answers):
    MessageFactory(kind=REMINDER.name, recipient=somebody)
    client.force_login(somebody)
    page = client.post(reverse("notifications:preferences"), answers)
    assert "There is a problem" in page.content.decode()
    assert not Preference.objects.exists()


# --- The way out in an e-mail ------------------------------------------------------------------


def test_way_out_shows_by_get_and_stops_by_post_without_a_cookie(somebody):
    browser = Client(enforce_csrf_checks=True)
    path = unsubscribe_path(somebody.pk, [REMINDER.name])
    assert "Something is due" in browser.get(path).content.decode()
    assert not Preference.objects.exists()
    for _ in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "These reminders have stopped" in answer.content.decode()
    assert preference_of(somebody).muted_kinds == [REMINDER.name]


def test_way_out_touches_nobody_else_and_keeps_other_choices(somebody):
    other = UserFactory()
    Preference.objects.create(person=somebody, rhythm=Rhythm.WEEKLY, muted_kinds=["a.b"])
    Client().post(unsubscribe_path(somebody.pk, [REMINDER.name]))
    chosen = preference_of(somebody)
    assert (chosen.rhythm, chosen.muted_kinds) == (Rhythm.WEEKLY, ["a.b", REMINDER.name])
    assert preference_of(other).muted_kinds == []


def test_key_that_was_changed_or_cut_short_is_refused_kindly(client, somebody):
    path = unsubscribe_path(somebody.pk, [REMINDER.name])
    key = path.split("/")[-2]
    for wrong in [key[:-1], "x" + key, key + "x", "a"]:
        with pytest.raises(KeyNotGood):
            read_key(wrong)
        answer = client.post(reverse("notifications:unsubscribe", args=[wrong]))
        assert answer.status_code == 404
        assert "We do not know this link" in answer.content.decode()
    assert not Preference.objects.exists()


def test_copy_of_ones_own_data_has_the_messages_but_no_keys(somebody):
    MessageFactory(recipient=somebody, subject="Mine", body="Words")
    MessageFactory(recipient=somebody, kind=SECRET.name, body="key")
    MessageFactory(recipient=UserFactory())
    found = messages_of_person(somebody)
    assert found["messages"][0]["subject"] == "Mine"
    assert [row["text"] for row in found["messages"]] == ["Words", ""]
    assert found["reminders"] == {"rhythm": "at_once", "not_wanted": []}
