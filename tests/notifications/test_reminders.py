"""The sweep: who is reminded of what, when, and at what cost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.delivery import send_due
from notifications.enums import Rhythm
from notifications.models import Message, Preference
from notifications.reminders import queue_due_reminders
from notifications.retention import forget_addresses
from notifications.rhythm import is_quiet, next_moment
from notifications.selectors import coming_reminders
from notifications.services import mute, queue, save_preference
from tests.accounts.factories import UserFactory
from tests.notifications.example_room.apps import RECEIPT, REMINDER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_room")]

LONDON = ZoneInfo("Europe/London")


def due(now, **fields):
    return UserFactory(preferred_name="Due", date_joined=now, **fields)


def test_sweep_queues_each_reminder_once_however_often_it_runs(now):
    person = due(now)
    UserFactory(preferred_name="Somebody else")
    assert queue_due_reminders(now=now) == 1
    assert queue_due_reminders(now=now) == 0
    message = Message.objects.get()
    assert (message.recipient, message.subject, message.send_at) == (person, "Due: Due", now)


def test_missed_moment_is_made_good_at_the_next_sweep(now):
    due(now)
    assert queue_due_reminders(now=now - timedelta(seconds=1)) == 0
    assert queue_due_reminders(now=now + timedelta(days=3)) == 1


def test_what_is_done_needs_no_reminder(now):
    due(now)
    UserFactory(preferred_name="Due, done", date_joined=now)
    assert queue_due_reminders(now=now) == 1


def test_muted_reminder_is_not_queued(now):
    mute(person=due(now), kind_names=[REMINDER.name])
    assert queue_due_reminders(now=now) == 0


def test_words_are_in_the_language_of_the_person(now):
    due(now, language="cy")
    queue_due_reminders(now=now)
    assert "(cy)" in Message.objects.get().body


def test_rhythm_decides_when_and_whether_together(now):
    for rhythm in Rhythm.values:
        save_preference(person=due(now), rhythm=rhythm, muted_kinds=[])
    queue_due_reminders(now=now)
    found = {
        Preference.objects.get(person=row.recipient).rhythm: (row.send_at, row.in_digest)
        for row in Message.objects.all()
    }
    assert found == {
        Rhythm.AT_ONCE: (now, False),
        Rhythm.DAILY: (datetime(2022, 7, 27, 8, tzinfo=LONDON), True),
        Rhythm.WEEKLY: (datetime(2022, 8, 1, 8, tzinfo=LONDON), True),
    }


@pytest.mark.parametrize(
    ("rhythm", "at", "expected"),
    [
        (Rhythm.AT_ONCE, (2022, 7, 26, 20, 59), (2022, 7, 26, 20, 59)),
        (Rhythm.AT_ONCE, (2022, 7, 26, 21, 0), (2022, 7, 27, 8, 0)),
        (Rhythm.AT_ONCE, (2022, 7, 27, 7, 59), (2022, 7, 27, 8, 0)),
        # The nights on which the clocks change: 8am is 8am by the clock on the wall.
        (Rhythm.DAILY, (2022, 10, 29, 22, 0), (2022, 10, 30, 8, 0)),
        (Rhythm.DAILY, (2022, 3, 26, 22, 0), (2022, 3, 27, 8, 0)),
        (Rhythm.WEEKLY, (2022, 8, 1, 7, 0), (2022, 8, 1, 8, 0)),
        (Rhythm.WEEKLY, (2022, 8, 1, 9, 0), (2022, 8, 8, 8, 0)),
    ],
)
def test_next_moment(rhythm, at, expected):
    moment = next_moment(rhythm, datetime(*at, tzinfo=LONDON))
    assert moment == datetime(*expected, tzinfo=LONDON)
    assert moment.astimezone(LONDON).hour == expected[3]


def test_night_is_by_the_clock_in_london():
    assert not is_quiet(datetime(2022, 7, 26, 8, 0, tzinfo=LONDON))
    assert is_quiet(datetime(2022, 7, 26, 6, 30, tzinfo=ZoneInfo("UTC")))
    assert not is_quiet(datetime(2022, 7, 26, 7, 30, tzinfo=ZoneInfo("UTC")))


def asked(caught):
    """How many queries there were, without the marks of a transaction inside the test's own."""
    return sum("SAVEPOINT" not in query["sql"] for query in caught.captured_queries)


@pytest.mark.parametrize("people", [1, 200])
def test_sweep_costs_the_same_for_one_as_for_two_hundred(people, now):
    for _ in range(people):
        due(now)
    with CaptureQueriesContext(connection) as first:
        assert queue_due_reminders(now=now) == people
    with CaptureQueriesContext(connection) as second:
        assert queue_due_reminders(now=now) == 0
    assert asked(first) <= 9
    assert asked(second) <= 3


def test_preview_shows_the_fortnight_without_writing(now):
    soon, later = due(now + timedelta(days=3)), due(now + timedelta(days=14))
    due(now + timedelta(days=15, hours=1))
    coming = coming_reminders(now=now)
    assert [(row.day.day, row.people) for row in coming.rows] == [
        (29, [str(soon)]),
        (9, [str(later)]),
    ]
    assert not Message.objects.exists()


def test_preview_leaves_out_what_is_queued_and_says_when_it_shows_only_a_part(now):
    due(now)
    queue_due_reminders(now=now)
    assert coming_reminders(now=now).rows == []
    for number in range(101):
        UserFactory(preferred_name=f"Due {number}", date_joined=now)
    coming = coming_reminders(now=now)
    assert (len(coming.rows), coming.cut_short) == (100, ["Something is due"])


def test_same_message_twice_is_one_row_and_other_periods_are_others(now, somebody):
    def put(**changes):
        deed = {"kind": RECEIPT, "to": somebody, "about": somebody, "context": {"path": "/"}}
        return queue(**{**deed, "now": now, **changes}).pk

    first = put()
    assert put() == first
    others = [put(period="2023"), put(to=UserFactory()), put(about=UserFactory())]
    others += [put(to="a@example.org"), put(to="b@example.org")]
    assert put(to="A@example.org ") == others[3]
    assert len({first, *others}) == 6


def test_address_of_somebody_without_an_account_is_forgotten_a_year_after_sending(now, somebody):
    for address in ["a@example.org", somebody]:
        queue(kind=RECEIPT, to=address, about=somebody, now=now, context={"path": "/"})
    send_due(now=now)
    assert forget_addresses(now=now + timedelta(days=365)) == 0
    assert forget_addresses(now=now + timedelta(days=365, seconds=1)) == 1
    assert Message.objects.get().recipient == somebody


def test_kind_that_nobody_registered_is_refused(now, somebody):
    from notifications.enums import Promise
    from notifications.registry import Kind

    with pytest.raises(KeyError):
        queue(
            kind=Kind("example_room.unknown", "Unknown", Promise.AT_LEAST_ONCE),
            to=somebody,
            about=somebody,
            now=now,
        )
