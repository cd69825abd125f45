"""Sending: claims, crashes, refusals, digests, quiet hours and the daily share."""

import smtplib
from datetime import datetime, timedelta
from email import message_from_string, policy
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.db import IntegrityError, transaction

from notifications.delivery import CLAIM_LIFE, MAX_ATTEMPTS, send_due
from notifications.enums import MessageState, Rhythm
from notifications.models import Message, Preference
from notifications.services import mute, queue
from tests.accounts.factories import UserFactory
from tests.notifications.example_room.apps import RECEIPT, REMINDER, SECRET
from tests.notifications.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_room")]

LONDON = ZoneInfo("Europe/London")


def reminder(**fields) -> Message:
    return MessageFactory(kind=REMINDER.name, **fields)


class Refusing(LocmemBackend):
    """A mail server that has something against every message."""

    error: Exception = smtplib.SMTPRecipientsRefused({})

    def send_messages(self, messages):
        raise self.error


class FallingSilent(Refusing):
    """A mail server that falls silent once it has the message."""

    error = TimeoutError()


class Away(LocmemBackend):
    """No mail server at all."""

    def open(self):
        raise ConnectionRefusedError


def use(settings, backend: type) -> None:
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"


def test_due_message_is_sent_once_with_its_own_message_id(now, somebody):
    message = queue(kind=RECEIPT, to=somebody, about=somebody, now=now, context={"path": "/a/"})
    assert send_due(now=now) == 1
    assert send_due(now=now) == 0
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.claim) == (MessageState.SENT, now, None)
    sent = mail.outbox[0]
    assert sent.to == [somebody.email]
    assert sent.extra_headers["Message-ID"] == f"<{message.message_id}@example.org>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in sent.extra_headers


def test_both_parts_say_the_same_and_nothing_is_loaded_from_outside(now, somebody):
    queue(kind=RECEIPT, to=somebody, about=somebody, now=now, context={"path": "/a/"})
    send_due(now=now)
    text, html = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert "http://127.0.0.1:8000/a/" in text
    assert 'href="http://127.0.0.1:8000/a/"' in html
    assert '<html lang="en-gb">' in html
    assert "<img" not in html and "<table" not in html and "src=" not in html


def test_markup_in_a_name_stays_text(now):
    person = UserFactory(preferred_name="<script>alert(1)</script>")
    queue(kind=RECEIPT, to=person, about=person, now=now, context={"path": "/"})
    send_due(now=now)
    assert "<script>" not in mail.outbox[0].alternatives[0].content


def test_message_of_tomorrow_waits(now):
    MessageFactory(send_at=now + timedelta(seconds=1))
    assert send_due(now=now) == 0


def test_secret_text_is_gone_once_it_is_sent_and_goes_to_an_address(now, somebody):
    message = queue(
        kind=SECRET, to="new@example.org", about=somebody, now=now, context={"path": "/k/"}
    )
    send_due(now=now)
    message.refresh_from_db()
    assert "/k/" in mail.outbox[0].body
    assert (mail.outbox[0].to, message.body) == (["new@example.org"], "")


def test_reminder_whose_reason_has_gone_is_dropped(now):
    person = UserFactory(preferred_name="Due, done")
    row = reminder(recipient=person)
    send_due(now=now)
    row.refresh_from_db()
    assert (row.state, row.problem, mail.outbox) == (MessageState.DROPPED, "done", [])


def test_reminder_about_something_deleted_is_dropped(now):
    row = reminder(object_id="999999999")
    send_due(now=now)
    row.refresh_from_db()
    assert (row.state, row.problem) == (MessageState.DROPPED, "gone")


def test_reminder_that_was_stopped_while_it_waited_is_dropped(now):
    row = reminder()
    mute(person=row.recipient, kind_names=[REMINDER.name])
    send_due(now=now)
    row.refresh_from_db()
    assert (row.state, row.problem) == (MessageState.DROPPED, "muted")


def test_somebody_who_has_left_gets_no_more(now):
    row = MessageFactory(recipient=UserFactory(is_active=False))
    send_due(now=now)
    row.refresh_from_db()
    assert (row.state, row.problem) == (MessageState.DROPPED, "no_address")


# --- What a crash leaves -----------------------------------------------------------------------


def cut_off(row: Message, now, problem="started") -> None:
    """As a worker leaves a row that is killed while it sends."""
    Message.objects.filter(pk=row.pk).update(
        state=MessageState.CLAIMED,
        claim="6f1f3c0e-0000-4000-8000-000000000000",
        claimed_at=now,
        problem=problem,
        attempts=1 if problem else 0,
    )


def test_receipt_that_was_cut_off_is_sent_again_under_its_old_message_id(now):
    row = MessageFactory()
    cut_off(row, now)
    assert send_due(now=now + CLAIM_LIFE) == 0
    assert send_due(now=now + CLAIM_LIFE + timedelta(seconds=1)) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{row.message_id}@example.org>"


def test_reminder_that_was_cut_off_is_uncertain_and_never_sent_by_itself(now):
    row = reminder()
    cut_off(row, now)
    assert send_due(now=now + timedelta(hours=1)) == 0
    row.refresh_from_db()
    assert (row.state, mail.outbox) == (MessageState.UNCERTAIN, [])
    assert send_due(now=now + timedelta(days=1)) == 0


def test_reminder_that_was_claimed_but_not_begun_is_sent(now):
    row = reminder()
    cut_off(row, now, problem="")
    assert send_due(now=now + timedelta(hours=1)) == 1


def test_receipt_that_kills_its_worker_each_time_is_given_up(now):
    row = MessageFactory()
    cut_off(row, now)
    Message.objects.update(attempts=MAX_ATTEMPTS)
    send_due(now=now + timedelta(hours=1))
    row.refresh_from_db()
    assert row.state == MessageState.FAILED


# --- What a mail server says -------------------------------------------------------------------


def test_refused_message_is_tried_again_later_and_failed_in_the_end(now, settings):
    use(settings, Refusing)
    row, due = MessageFactory(), now
    for attempt in range(1, MAX_ATTEMPTS + 1):
        send_due(now=due)
        row.refresh_from_db()
        assert row.attempts == attempt
        due = row.send_at
    assert (row.state, row.problem) == (MessageState.FAILED, "SMTPRecipientsRefused")


def test_refused_reminder_is_tried_again_since_it_has_certainly_not_arrived(now, settings):
    use(settings, Refusing)
    row = reminder()
    send_due(now=now)
    row.refresh_from_db()
    assert row.state == MessageState.QUEUED


def test_silence_after_sending_leaves_a_reminder_uncertain_and_a_receipt_waiting(now, settings):
    use(settings, FallingSilent)
    uncertain, receipt = reminder(), MessageFactory()
    send_due(now=now)
    uncertain.refresh_from_db()
    receipt.refresh_from_db()
    assert (uncertain.state, uncertain.problem) == (MessageState.UNCERTAIN, "TimeoutError")
    assert (receipt.state, receipt.attempts) == (MessageState.QUEUED, 1)


def test_server_that_is_away_costs_no_message_an_attempt(now, settings):
    use(settings, Away)
    MessageFactory.create_batch(3)
    reminder()
    for minute in range(20):
        assert send_due(now=now + timedelta(minutes=minute)) == 0
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.QUEUED, 0)}


def test_message_that_cannot_be_written_fails_and_holds_up_no_other(now):
    broken = MessageFactory(subject="Two\nlines")
    fine = MessageFactory()
    assert send_due(now=now) == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == (MessageState.FAILED, MessageState.SENT)


def test_call_stops_when_its_time_is_over_and_gives_back_the_rest(now):
    MessageFactory.create_batch(4)
    moments = iter(now + timedelta(minutes=minute) for minute in range(100))
    assert send_due(now=now, clock=lambda: next(moments)) == 1
    states = list(Message.objects.order_by("id").values_list("state", flat=True))
    assert states == [MessageState.SENT] + [MessageState.QUEUED] * 3


# --- Reminders: together, not at night, not too many -------------------------------------------


def test_reminders_of_one_person_go_as_one_mail(now):
    person, other = UserFactory(), UserFactory()
    rows = [reminder(recipient=person, in_digest=True, subject=f"Thing {n}") for n in range(3)]
    reminder(recipient=other, in_digest=True)
    assert send_due(now=now, chunk=2) == 4
    digest = next(sent for sent in mail.outbox if sent.to == [person.email])
    assert len(mail.outbox) == 2
    assert digest.subject == "3 reminders"
    assert [f"Thing {n}\n" in digest.body for n in range(3)] == [True] * 3
    assert digest.extra_headers["Message-ID"] == f"<{rows[0].message_id}@example.org>"
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_digest_leaves_out_what_is_no_longer_needed(now):
    person = UserFactory()
    reminder(recipient=person, in_digest=True, object_id="999999999")
    kept = reminder(recipient=person, in_digest=True)
    assert send_due(now=now) == 1
    assert mail.outbox[0].subject == kept.subject


def test_digest_cut_off_leaves_all_its_reminders_uncertain(now, settings):
    use(settings, FallingSilent)
    person = UserFactory()
    for _ in range(3):
        reminder(recipient=person, in_digest=True)
    send_due(now=now)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.UNCERTAIN}


@pytest.mark.parametrize(
    ("hour", "minute", "sent"),
    [(7, 59, 1), (8, 0, 2), (20, 59, 2), (21, 0, 1), (23, 30, 1), (3, 0, 1)],
)
def test_reminders_rest_at_night_and_receipts_do_not(hour, minute, sent):
    moment = datetime(2022, 7, 26, hour, minute, tzinfo=LONDON)
    reminder(send_at=moment)
    MessageFactory(send_at=moment)
    assert send_due(now=moment) == sent


def test_more_reminders_than_a_day_holds_wait_for_the_morning_together(now, settings):
    settings.REMINDERS_A_DAY = 2
    person = UserFactory()
    for _ in range(5):
        reminder(recipient=person)
    assert send_due(now=now) == 2
    morning = datetime(2022, 7, 27, 8, 0, tzinfo=LONDON)
    assert send_due(now=morning - timedelta(minutes=1)) == 0
    assert send_due(now=morning) == 3
    assert [sent.subject for sent in mail.outbox][2:] == ["3 reminders"]


def test_share_of_a_day_counts_what_went_before(now, settings):
    settings.REMINDERS_A_DAY = 1
    person = UserFactory()
    reminder(recipient=person)
    send_due(now=now)
    reminder(recipient=person)
    assert send_due(now=now + timedelta(hours=1)) == 0


def test_reminder_carries_a_one_click_way_out_without_an_address_in_it(now):
    row = reminder()
    send_due(now=now)
    sent = message_from_string(mail.outbox[0].message().as_string(), policy=policy.default)
    link = sent["List-Unsubscribe"].strip().strip("<>")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith("http://127.0.0.1:8000/messages/stop/")
    assert row.recipient.email not in link
    assert link in mail.outbox[0].body


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": None, "address": ""},
        {"address": "both@example.org"},
        {"state": MessageState.SENT},
        {"state": MessageState.CLAIMED},
    ],
)
def test_database_refuses_half_a_message(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(**fields)


def test_digest_rhythm_of_nobody_needs_no_row():
    assert Preference().rhythm == Rhythm.AT_ONCE
