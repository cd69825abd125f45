"""Decisions are held, released together and once, answered, and become projects."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import Transition
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile
from expressions import letters, reminders, transitions
from expressions.enums import CallState, LetterKind
from expressions.models import CarriedOver, Decision, Expression, Letter, Resending
from expressions.selectors import deciding as selectors
from expressions.selectors import releasing
from expressions.services import converting, deciding
from notifications.models import Message
from notifications.reminding import sweep
from projects.models import Project
from tests.expressions.deciding import (
    assessed,
    conflict,
    decide,
    deciding_call,
    fresh,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)
from tests.expressions.factories import QuestionFactory, SectionFactory, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db):
    return deciding_call()


@pytest.fixture
def boss(db):
    return manager_of_programme()


def letters_in_outbox():
    return Message.objects.filter(kind="expressions.letter")


def released(call, boss, *outcomes):
    """Expressions with their writers, decided so and told."""
    made = [with_writer(call, 3) for _one in outcomes]
    give_day(call, boss)
    for (expression, _writer), outcome in zip(made, outcomes, strict=True):
        decide(expression, outcome, boss)
    release(call, boss)
    for expression, _writer in made:
        expression.refresh_from_db()
    return made


# --- The wording ---


@pytest.mark.parametrize("kind", LetterKind.values)
def test_usual_wording_of_each_letter_has_known_fields_alone(kind):
    assert [letters.problem_of(text, kind) for text in letters.default_wording(kind)] == ["", ""]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Dear {organization}", "There is no field {organization}."),
        ("By {answer by}", "Only an offer has the field {answer by}"),
        ("A { alone", "A curly bracket stands alone."),
        ("{{organisation}}", "A curly bracket stands alone."),
    ],
)
def test_wrong_field_is_named(text, says):
    assert says in letters.problem_of(text, LetterKind.DECLINED)


def test_field_in_what_is_filled_in_stays_as_it_was_written():
    values = {"feedback": "Write {reference} first.", "reference": "EOI-1"}
    assert letters.fill("{feedback} ({ reference })", values) == "Write {reference} first. (EOI-1)"


def test_line_of_an_empty_field_is_closed_up():
    assert letters.fill("One.\n\n{feedback}\n\nTwo.", {"feedback": ""}) == "One.\n\nTwo."


# --- Deciding ---


def test_decision_is_kept_with_its_reason_and_who_made_it(call, boss):
    one = assessed(call, 3)
    assert decide(one, "offered", boss).state == "offered"
    row = Decision.objects.get()
    assert (row.reason, row.feedback, row.by) == ("It fits.", "Well told.", boss)
    step = Transition.objects.get(object_id=str(one.pk), step="offer")
    assert (step.by, step.reason) == (boss, "It fits.")


def test_decision_can_be_changed_while_it_is_held(call, boss):
    one = assessed(call, 3)
    for outcome in ("offered", "reserve", "declined", "offered"):
        assert decide(one, outcome, boss).state == outcome


def test_same_decision_twice_changes_nothing(call, boss):
    one = assessed(call, 3)
    decide(one, "offered", boss)
    at = Decision.objects.get().at
    decide(one, "offered", boss)
    assert Decision.objects.get().at == at
    assert Transition.objects.filter(object_id=str(one.pk)).count() == 1


def test_decision_needs_a_reason(call, boss):
    one = assessed(call, 3)
    with pytest.raises(ReasonRequired):
        decide(one, "offered", boss, reason=" ")
    assert Expression.objects.get(pk=one.pk).state == "assessed"


def test_feedback_can_be_kept_before_anything_is_decided(call, boss):
    one = assessed(call, 3)
    assert decide(one, "", boss, reason="").state == "assessed"
    assert Decision.objects.get().feedback == "Well told."


def test_second_of_two_who_decide_at_once_is_told(call, boss):
    one = assessed(call, 3)
    seen = selectors.decision_version(one, None)
    decide(one, "offered", boss)
    with pytest.raises(ChangedMeanwhile):
        deciding.decide(
            obj=one,
            outcome="declined",
            reason="No.",
            feedback="",
            seen=seen,
            by=boss,
            now=timezone.now(),
        )
    assert Expression.objects.get(pk=one.pk).state == "offered"


def test_who_has_a_conflict_cannot_decide(call, boss):
    one = assessed(call, 3)
    conflict(one, boss)
    with pytest.raises(PermissionDenied):
        decide(one, "offered", boss)


def test_nothing_is_decided_while_the_call_is_still_read(boss):
    one = assessed(deciding_call(state=CallState.ASSESSING), 3)
    with pytest.raises(TransitionNotAllowed):
        decide(one, "offered", boss)
