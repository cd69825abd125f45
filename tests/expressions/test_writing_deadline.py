"""Sending in, exact at the closing instant, and once however often it is pressed."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from core.models import Transition
from expressions import services, transitions
from expressions.enums import ExpressionState
from expressions.models import Call, Expression
from notifications.models import Message
from tests.expressions.factories import CallFactory, ExpressionFactory, write
from tests.partners.factories import OrganisationFactory, contact_of

LONDON = ZoneInfo("Europe/London")
# Closing instants as staff set them, in London: winter, summer, and both nights of the change.
CLOSINGS = {
    "GMT": datetime(2026, 1, 30, 17, 0, tzinfo=LONDON),
    "BST": datetime(2026, 7, 31, 12, 0, tzinfo=LONDON),
    "just before clocks go forward": datetime(2026, 3, 29, 0, 59, tzinfo=LONDON),
    "in the hour that is not there": datetime(2026, 3, 29, 1, 30, tzinfo=LONDON),
    "noon after clocks went forward": datetime(2026, 3, 29, 12, 0, tzinfo=LONDON),
    "first half past one": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
    "second half past one": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
    "midnight after clocks went back": datetime(2026, 10, 26, 0, 0, tzinfo=LONDON),
}
INSTANTS = 80


def instants(closes_at, seed):
    """Instants round a closing: at it, a microsecond to either side, and up to two hours away."""
    dice = random.Random(seed)
    micro = timedelta(microseconds=1)
    around = [timedelta(), -micro, micro, -timedelta(seconds=1), timedelta(seconds=1)]
    for hour in (1, 2):
        around += [timedelta(hours=hour), -timedelta(hours=hour)]
    while len(around) < INSTANTS:
        span = 10 ** dice.uniform(-6, 3.85)
        around.append(timedelta(seconds=dice.choice([-1, 1]) * span))
    return [(closes_at + away).astimezone(dice.choice([UTC, LONDON])) for away in around]


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLOSINGS)
def test_no_instant_round_the_closing_is_misjudged(scene, name):
    # Arithmetic across a change of the clocks is right in UTC alone.
    closes_at = CLOSINGS[name].astimezone(UTC)
    Call.objects.filter(pk=scene.call.pk).update(
        opens_at=closes_at - timedelta(days=30), closes_at=closes_at
    )
    before = closes_at - timedelta(days=1)
    write(scene.draft, scene.why, "Because.", scene.writer, before)
    write(scene.draft, scene.days, "3", scene.writer, before)
    misjudged = []
    for number, now in enumerate(instants(closes_at, name)):
        Expression.objects.filter(pk=scene.draft.pk).update(
            **{"state": ExpressionState.DRAFT, "reference": "", "submitted_at": None}
        )
        in_time = now.astimezone(UTC) < closes_at
        taken = takes(lambda now=now: transitions.submit(obj=scene.draft, by=scene.writer, now=now))
        given = {scene.days.pk: services.Given([str(number)], number_of(scene))}
        saved = takes(
            lambda now=now, given=given: services.save_answers(
                obj=scene.draft, given=given, by=scene.writer, now=now
            )
        )
        if (taken, saved) != (in_time, in_time):
            misjudged.append(now)
    assert misjudged == []


def takes(work):
    try:
        work()
    except transitions.CallNotOpen:
        return False
    return True


def number_of(scene):
    return scene.draft.answers.get(question=scene.days).version


def test_hundreds_of_instants_are_tried():
    assert len(CLOSINGS) * INSTANTS >= 500


def click_at_once(obj, writer, clicks, send=transitions.submit):
    """What each of many clicks at once got, each on a connection of its own."""
    at_once = 8 if connection.vendor == "postgresql" else 1

    def click(_number):
        try:
            by = User.objects.get(pk=writer.pk)
            return send(obj=obj, by=by, now=timezone.now()).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(click, range(clicks)))


def ready(call, questions):
    organisation = OrganisationFactory()
    writer = contact_of(organisation)
    draft = ExpressionFactory(call=call, organisation=organisation)
    for question, value in questions:
        draft.answers.create(question=question, value=value, saved_at=timezone.now())
    return draft, writer


@pytest.mark.django_db(transaction=True)
def test_double_clicks_give_one_reference_each(scene):
    check_double_clicks(scene, 20)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_thousand_double_clicks_give_one_reference_each(scene):
    check_double_clicks(scene, 1_000)


def check_double_clicks(scene, number):
    """Each of ``number`` expressions is sent in by two clicks at the same moment."""
    questions = [(scene.why, "Because."), (scene.days, "3")]
    with transaction.atomic():
        made = [ready(scene.call, questions) for _one in range(number)]
    both = [one for one in made for _click in range(2)]
    at_once = 8 if connection.vendor == "postgresql" else 1

    def click(pair):
        draft, writer = pair
        try:
            by = User.objects.get(pk=writer.pk)
            return transitions.submit(obj=draft, by=by, now=timezone.now()).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as threads:
        got = list(threads.map(click, both))
    assert got[::2] == got[1::2]
    assert len(set(got)) == number
    scene.call.refresh_from_db()
    assert scene.call.last_number == number
    assert Message.objects.filter(kind="expressions.receipt").count() == number
    assert Transition.objects.filter(step="submit").count() == number


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_clicks_would_give_two_references(scene):
    """The control: reading the state first and writing after it, as the portal does not."""
    if connection.vendor != "postgresql":
        pytest.skip("needs two connections at once")
    scene.fill()
    meet = threading.Barrier(2, timeout=10)
    given = []

    def naive(_number):
        try:
            draft = Expression.objects.get(pk=scene.draft.pk)
            if draft.state == ExpressionState.DRAFT:
                call = Call.objects.get(pk=draft.call_id)
                meet.wait()  # both have read before either writes
                given.append(f"EOI-{call.last_number + 1}")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(naive, range(2)))
    assert len(given) == 2
    assert len(set(click_at_once(scene.draft, scene.writer, 8))) == 1
    assert Transition.objects.filter(step="submit").count() == 1


@pytest.mark.django_db
def test_withdrawn_makes_room_for_a_new_one_while_the_call_is_open():
    call = CallFactory()
    organisation = OrganisationFactory()
    writer = contact_of(organisation)
    first = services.start_expression(
        obj=call, organisation=organisation, by=writer, now=timezone.now()
    )
    transitions.withdraw(obj=first, by=writer, now=timezone.now())
    second = services.start_expression(
        obj=call, organisation=organisation, by=writer, now=timezone.now()
    )
    assert second.pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_thirty_writers_at_once_lose_no_answer(scene):
    """Each saves answers of their own organisation, and each answer is there afterwards."""
    made = [ready(scene.call, []) for _one in range(30)]

    def one(pair):
        draft, writer = pair
        try:
            by = User.objects.get(pk=writer.pk)
            for version in range(4):
                given = {scene.why.pk: services.Given([f"{draft.pk} {version}"], version)}
                outcome = services.save_answers(obj=draft, given=given, by=by, now=timezone.now())
                assert outcome.saved[scene.why.pk].version == version + 1
        finally:
            connection.close()

    with ThreadPoolExecutor(8 if connection.vendor == "postgresql" else 1) as threads:
        list(threads.map(one, made))
    for draft, _writer in made:
        assert draft.answers.get().value == f"{draft.pk} 3"


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_write_in_one_answer_at_once_lose_no_word(scene):
    """What is not the answer in the end is among the earlier texts, every one of it."""
    writers = [contact_of(scene.organisation) for _one in range(6)]

    def one(pair):
        number, writer = pair
        try:
            by = User.objects.get(pk=writer.pk)
            for turn in range(4):
                given = {scene.why.pk: services.Given([f"words-of-{number}-{turn}"], turn)}
                services.save_answers(obj=scene.draft, given=given, by=by, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(6 if connection.vendor == "postgresql" else 1) as threads:
        list(threads.map(one, enumerate(writers)))
    kept = set(scene.draft.earlier_answers.values_list("value", flat=True))
    kept.add(scene.draft.answers.get().value)
    written = {f"words-of-{number}-{turn}" for number in range(6) for turn in range(4)}
    assert written - kept <= overwritten_by_their_own_writer(scene, kept)


def overwritten_by_their_own_writer(scene, kept):
    """A writer may put other words in the place of their own within minutes."""
    return {
        f"words-of-{number}-{turn}"
        for number in range(6)
        for turn in range(3)
        if any(f"words-of-{number}-{later}" in kept for later in range(turn + 1, 4))
    }
