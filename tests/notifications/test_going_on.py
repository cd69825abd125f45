"""One message or rule that fails keeps no other from going; and none is held back too long."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend

from notifications.delivery import MAX_ATTEMPTS, send_due
from notifications.enums import MessageState, Rhythm
from notifications.models import Message, Preference
from notifications.registry import reminder_rules
from notifications.reminders import queue_due_reminders
from notifications.services import queue
from tests.accounts.factories import UserFactory
from tests.notifications.example_room.apps import REMINDER, RULE, SECRET
from tests.notifications.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_room")]


def rule_with(**fields) -> None:
    """The example rule with other parts; the fixture puts the old one back."""
    reminder_rules._entries[REMINDER.name] = replace(RULE, **fields)


def fails_for(person):
    def skip_reason(about, now):
        if about == person:
            raise KeyError("Something about a person")

    return skip_reason


def test_a_message_whose_rule_fails_is_tried_later_and_the_others_go(now):
    unlucky, lucky = UserFactory(), UserFactory()
    rule_with(skip_reason=fails_for(unlucky))
    stuck = MessageFactory(kind=REMINDER.name, recipient=unlucky, about=unlucky, send_at=now)
    MessageFactory(kind=REMINDER.name, recipient=lucky, about=lucky, send_at=now)
    with pytest.raises(ExceptionGroup):
        send_due(now=now)
    assert [letter.to for letter in mail.outbox] == [[lucky.email]]
    stuck.refresh_from_db()
    assert (stuck.state, stuck.attempts, stuck.problem) == (MessageState.QUEUED, 1, "KeyError")
    assert stuck.send_at == now + timedelta(minutes=2)


def test_a_message_whose_rule_never_works_is_put_before_staff(now):
    unlucky = UserFactory()
    rule_with(skip_reason=fails_for(unlucky))
    stuck = MessageFactory(kind=REMINDER.name, recipient=unlucky, about=unlucky, send_at=now)
    for _attempt in range(MAX_ATTEMPTS):
        stuck.refresh_from_db()
        with pytest.raises(ExceptionGroup):
            send_due(now=max(now, stuck.send_at))
        now = now.replace(hour=14) + timedelta(days=1)
    stuck.refresh_from_db()
    assert (stuck.state, stuck.attempts) == (MessageState.FAILED, MAX_ATTEMPTS)
    assert list(Message.objects.to_settle()) == [stuck]


class Breaking(LocmemBackend):
    """A mail backend with a fault of its own at one address."""

    def send_messages(self, messages):
        if messages[0].to == ["broken@example.org"]:
            raise TypeError("planted")
        return super().send_messages(messages)


def test_an_error_of_the_portal_in_one_mail_does_not_keep_the_next(now, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Breaking"
    broken = UserFactory(email="broken@example.org")
    first = MessageFactory(recipient=broken, send_at=now)
    MessageFactory(recipient=UserFactory(), send_at=now)
    with pytest.raises(ExceptionGroup):
        send_due(now=now)
    assert len(mail.outbox) == 1
    first.refresh_from_db()
    assert (first.state, first.attempts) == (MessageState.QUEUED, 1)


def test_a_rule_that_fails_does_not_keep_the_rules_behind_it(now, caplog):
    def broken(now):
        raise ValueError("Asha Example, 1 Secret Street")

    UserFactory(preferred_name="Due one", date_joined=now)
    reminder_rules._entries["example_room.first"] = replace(RULE, due=broken)
    reminder_rules._entries[REMINDER.name] = reminder_rules._entries.pop(REMINDER.name)
    with caplog.at_level(logging.ERROR), pytest.raises(ExceptionGroup):
        queue_due_reminders(now=now)
    assert Message.objects.count() == 1
    assert "sweep=reminders of=example_room.first" in caplog.messages[0]
    assert "Secret Street" not in caplog.messages[0]


@pytest.mark.parametrize(
    ("rhythm", "days", "waits", "in_digest"),
    [
        (Rhythm.WEEKLY, 9, 6, True),  # Tuesday; it goes with the others on Monday.
        (Rhythm.WEEKLY, 3, 1, True),  # On Friday it is over: tomorrow morning.
        (Rhythm.WEEKLY, 0.5, 0, False),  # Tonight it is over: now.
        (Rhythm.DAILY, 0.5, 0, False),
        (Rhythm.AT_ONCE, 0.5, 0, False),
    ],
)
def test_a_reminder_goes_before_what_it_is_about(now, rhythm, days, waits, in_digest):
    person = UserFactory(preferred_name="Due", date_joined=now)
    Preference.objects.create(person=person, rhythm=rhythm)
    rule_with(until=lambda about: now + timedelta(days=days))
    queue_due_reminders(now=now)
    message = Message.objects.get()
    assert (message.send_at.date() - now.date()).days == waits
    assert message.in_digest is in_digest
    assert message.send_at < now + timedelta(days=days)


def test_a_reminder_that_cannot_wait_goes_beyond_the_share_of_a_day(now, settings):
    settings.REMINDERS_A_DAY = 1
    person = UserFactory()
    rule_with(until=lambda about: now + timedelta(hours=3))
    for _each in range(3):
        MessageFactory(kind=REMINDER.name, recipient=person, about=person, send_at=now)
    assert send_due(now=now) == 3


def test_a_secret_goes_with_its_words_and_keeps_none(now, somebody):
    queue(kind=SECRET, to=somebody, about=somebody, now=now, context={"path": "/key/"})
    send_due(now=now)
    assert "/key/" in mail.outbox[0].body
    message = Message.objects.get()
    assert (message.state, message.body) == (MessageState.SENT, "")
