"""Many at once, on real connections: no word lost in silence, no number given twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.versions import ChangedMeanwhile
from expressions import services, transitions
from expressions.models import Answer, Expression
from expressions.services import Given, offers
from notifications.models import Message
from tests.expressions.deciding import (
    decide,
    deciding_call,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)
from tests.expressions.factories import CallFactory
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once(work):
    """What ``work(number)`` gave in each of several threads, each with a connection of its own."""

    def one(number):
        try:
            return work(number)
        finally:
            connection.close()

    # SQLite's tests share one database in memory, which knows no waiting: there, one by one.
    threads_at_once = AT_ONCE if connection.vendor == "postgresql" else 1
    with ThreadPoolExecutor(threads_at_once) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def test_first_saves_of_one_answer_at_once_are_one_save_and_five_conflicts(scene):
    def save(number):
        given = {scene.why.pk: Given([f"Text {number}"], 0)}
        writer = User.objects.get(pk=scene.writer.pk)
        return services.save_answers(obj=scene.draft, given=given, by=writer, now=timezone.now())

    outcomes = at_once(save)
    saved = [outcome for outcome in outcomes if outcome.saved]
    conflicts = [outcome for outcome in outcomes if outcome.conflicts]
    assert (len(saved), len(conflicts)) == (1, AT_ONCE - 1)
    standing = Answer.objects.get()
    assert standing.version == 1
    assert {conflict.conflicts[scene.why.pk].theirs for conflict in conflicts} == {standing.value}


def test_sending_in_at_once_gives_one_number_and_one_receipt(scene):
    scene.fill()

    def send(number):
        writer = User.objects.get(pk=scene.writer.pk)
        sent = transitions.submit(obj=scene.draft, by=writer, now=timezone.now())
        return sent.reference

    assert set(at_once(send)) == {"EOI-2023-0001"}
    assert Message.objects.filter(kind="expressions.receipt").count() == 1


def test_starting_at_once_makes_one_draft(db):
    call, organisation = CallFactory(), OrganisationFactory()
    person = contact_of(organisation)

    def start(number):
        return services.start_expression(
            obj=call,
            organisation=organisation,
            by=User.objects.get(pk=person.pk),
            now=timezone.now(),
        ).pk

    assert len(set(at_once(start))) == 1
    assert Expression.objects.count() == 1


def test_six_who_call_up_for_one_place_at_once_give_it_once(db):
    call, boss = deciding_call(), manager_of_programme()
    (one, writer), *kept = [with_writer(call, 3) for _n in range(AT_ONCE + 1)]
    give_day(call, boss)
    decide(one, "offered", boss)
    for expression, _keeper in kept:
        decide(expression, "reserve", boss)
    release(call, boss)
    transitions.turn_down(obj=one, by=writer, now=timezone.now())

    def call_up(number):
        try:
            offers.call_up(
                obj=kept[number][0],
                answer_by=timezone.localdate() + timedelta(days=7),
                reason="The place is free.",
                feedback="We think of you again.",
                seen="1",
                by=User.objects.get(pk=boss.pk),
                now=timezone.now(),
            )
        except ChangedMeanwhile:
            return "told"
        return "called up"

    assert sorted(at_once(call_up)) == ["called up", *["told"] * (AT_ONCE - 1)]
    assert Expression.objects.filter(state="offered").count() == 1
