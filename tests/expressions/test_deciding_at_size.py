"""Deciding by the plan and releasing ask as often for thirty expressions as for three."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry, Transition
from core.transitions import ReasonRequired
from expressions import transitions
from expressions.models import Decision, Expression, Letter
from expressions.selectors import deciding as selectors
from expressions.services import deciding
from notifications.models import Message
from tests.expressions.deciding import (
    conflict,
    decide,
    deciding_call,
    fresh,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)

pytestmark = pytest.mark.django_db


def scene(size):
    """A call with ``size`` expressions, who decides, and what a plan would propose."""
    call, boss = deciding_call(), manager_of_programme()
    made = [with_writer(call, 3)[0].pk for _n in range(size)]
    outcomes = ("offered", "reserve", "declined")
    return call, boss, {pk: outcomes[number % 3] for number, pk in enumerate(made)}


def apply(call, proposal, boss, reason="The plan."):
    changes = selectors.changes_by(call, proposal, boss)
    return deciding.apply_proposal(
        call=call,
        proposal=proposal,
        seen=selectors.mark_of(changes),
        reason=reason,
        by=fresh(boss),
        now=timezone.now(),
    )


def test_plan_and_release_ask_as_often_for_thirty_as_for_three():
    counts = []
    # The first time also fills what the process remembers.
    for size in (3, 3, 30):
        call, boss, proposal = scene(size)
        with CaptureQueriesContext(connection) as applying:
            assert apply(call, proposal, boss) == size
        give_day(call, boss)
        with CaptureQueriesContext(connection) as releasing:
            release(call, boss, without_feedback=True)
        assert Letter.objects.filter(expression__call=call).count() == size
        counts.append((len(applying), len(releasing)))
    assert counts[1] == counts[2]
    assert max(counts[0]) <= 50
    assert Message.objects.filter(kind="expressions.letter").count() == 36


def test_plan_leaves_the_same_traces_as_deciding_one_by_one():
    call, boss, proposal = scene(2)
    first, second = proposal
    decide(Expression.objects.get(pk=second), "", boss, reason="", feedback="Well told.")
    apply(call, proposal, boss)
    steps = Transition.objects.filter(step__in=["offer", "keep_in_reserve"])
    assert sorted(steps.values_list("object_id", "source", "reason", "by")) == sorted(
        (str(pk), "assessed", "The plan.", boss.pk) for pk in (first, second)
    )
    rows = Decision.objects.order_by("expression_id").values_list("reason", "feedback", "by")
    assert list(rows) == [("The plan.", "", boss.pk), ("The plan.", "Well told.", boss.pk)]
    entries = AuditEntry.objects.filter(content_type__model="decision").order_by("id")
    assert [entry.changes["reason"] for entry in entries if "reason" in entry.changes] == [
        ["", "The plan."],
        ["", "The plan."],
    ]


def test_plan_is_applied_whole_or_not_at_all():
    call, boss, proposal = scene(3)
    with pytest.raises(ReasonRequired):
        apply(call, proposal, boss, reason=" ")
    hidden = Expression.objects.get(pk=next(iter(proposal)))
    conflict(hidden, boss)
    with pytest.raises(PermissionDenied):
        transitions.propose_all(
            rows=Expression.objects.filter(call=call),
            outcome="declined",
            by=fresh(boss),
            now=timezone.now(),
            reason="All.",
        )
    assert set(call.expressions.values_list("state", flat=True)) == {"assessed"}


def test_who_does_not_decide_applies_nothing(staff):
    call, _boss, proposal = scene(3)
    with pytest.raises(PermissionDenied):
        apply(call, proposal, staff)
    assert not Decision.objects.exists()
