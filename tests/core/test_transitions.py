"""The one door: allowed, refused, twice, without a reason, and all or nothing."""

import pytest
import rules
from django.core.exceptions import PermissionDenied

from core.models import Transition
from core.transitions import (
    ReasonRequired,
    Step,
    TransitionNotAllowed,
    state_table,
    steps_open_to,
    transition,
    transitions_of,
)
from projects.enums import TopicState
from projects.models import Topic
from tests.projects.factories import TopicFactory

pytestmark = pytest.mark.django_db

ASSESS = Step(
    name="assess",
    sources=frozenset({TopicState.SUGGESTED}),
    target=TopicState.UNDER_ASSESSMENT,
    label="Assess",
    permission="core.view_gallery",
)
DECLINE = Step(
    name="decline",
    sources=frozenset({TopicState.UNDER_ASSESSMENT}),
    target=TopicState.DECLINED,
    label="Decline",
    permission="core.view_gallery",
    needs_reason=True,
    repeatable=True,
)


@pytest.fixture
def topic():
    return TopicFactory()


def state_of(topic):
    return Topic.objects.get(pk=topic.pk).state


def test_step_that_is_allowed_changes_state_and_is_logged(topic, staff, now):
    moved = transition(obj=topic, step=ASSESS, by=staff, now=now, reason=" It was asked for. ")
    assert (moved.state, moved.state_changed_at) == (TopicState.UNDER_ASSESSMENT, now)
    row = transitions_of(topic).get()
    assert (row.step, row.source, row.target, row.by, row.at, row.reason) == (
        "assess",
        "suggested",
        "under_assessment",
        staff,
        now,
        "It was asked for.",
    )


def test_step_from_another_state_is_refused_and_changes_nothing(topic, staff, now):
    with pytest.raises(TransitionNotAllowed):
        transition(obj=topic, step=DECLINE, by=staff, now=now, reason="x")
    assert (state_of(topic), Transition.objects.count()) == (TopicState.SUGGESTED, 0)


def test_step_without_permission_is_refused(topic, somebody, now):
    with pytest.raises(PermissionDenied):
        transition(obj=topic, step=ASSESS, by=somebody, now=now)
    assert state_of(topic) == TopicState.SUGGESTED


def test_step_that_needs_a_reason_is_refused_without_one(topic, staff, now):
    transition(obj=topic, step=ASSESS, by=staff, now=now)
    with pytest.raises(ReasonRequired):
        transition(obj=topic, step=DECLINE, by=staff, now=now, reason="  ")
    assert state_of(topic) == TopicState.UNDER_ASSESSMENT


def test_repeatable_step_taken_twice_is_logged_once(topic, staff, now):
    transition(obj=topic, step=ASSESS, by=staff, now=now)
    for _ in range(2):
        transition(obj=topic, step=DECLINE, by=staff, now=now, reason="Out of scope")
    assert transitions_of(topic).filter(step="decline").count() == 1


def test_stale_copy_cannot_repeat_a_step(topic, staff, now):
    stale = Topic.objects.get(pk=topic.pk)
    transition(obj=topic, step=ASSESS, by=staff, now=now)
    with pytest.raises(TransitionNotAllowed):
        transition(obj=stale, step=ASSESS, by=staff, now=now)


@pytest.mark.django_db(transaction=True)
def test_failure_of_what_follows_undoes_the_step(staff, now):
    topic = TopicFactory()

    def fail(locked):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        transition(obj=topic, step=ASSESS, by=staff, now=now, then=fail)
    assert (state_of(topic), Transition.objects.count()) == (TopicState.SUGGESTED, 0)


def test_steps_open_are_those_of_state_and_permission(topic, staff, somebody):
    table = state_table(ASSESS, DECLINE)
    assert steps_open_to(staff, topic, table) == [ASSESS]
    assert steps_open_to(somebody, topic, table) == []


def test_table_with_a_name_twice_is_refused():
    with pytest.raises(ValueError, match="share a name"):
        state_table(ASSESS, ASSESS)


def test_permission_of_these_tests_exists():
    assert rules.perm_exists("core.view_gallery")
