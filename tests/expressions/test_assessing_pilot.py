"""The example round that is being read."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from expressions import selectors
from expressions.models import Answer, Assessment, Call, Conflict, Expression
from expressions.selectors import assessing, conflicts
from impact_portal.programme import expressions as open_call
from impact_portal.programme import people, pilot
from impact_portal.programme.frame import Programme

pytestmark = pytest.mark.django_db
PARTS = (people.load, open_call.load, pilot.load)


@pytest.fixture
def call(db):
    for load in PARTS:
        load(Programme(now=timezone.now()))
    return Call.objects.get(state="assessing")


def test_forty_expressions_are_being_read_and_most_are_scored(call):
    states = Counter(call.expressions.values_list("state", flat=True))
    assert states["assessed"] >= 25
    assert (sum(states.values()), states["ineligible"], states["withdrawn"]) == (40, 1, 1)
    done = Assessment.objects.filter(state="done").count()
    assert (done, Assessment.objects.count()) == (66, 76)
    assert (call.places, call.targets.count(), call.criteria.count()) == (8, 11, 4)


def test_some_assessors_differ_widely_and_strictness_can_be_compared(call):
    scored = assessing.scored_expressions(call)
    assert 2 <= sum(one.spread >= assessing.WIDE_SPREAD for one in scored) <= 12
    assert {one.component for one in scored} <= {0, None}
    assert any(abs(one.adjusted - one.mean) > 2 for one in scored if one.done)


def test_two_conflicts_are_in_the_register(call):
    states = Counter(Conflict.objects.values_list("state", flat=True))
    assert (states["declared"], states["suggested"]) == (1, 1)


def test_the_assessor_who_can_sign_in_has_to_declare_and_then_to_score(call):
    person = User.objects.get(email="assessor@example.org")
    assert conflicts.declaring(call, person).waiting == pilot.STILL_TO_DECLARE
    assert assessing.queue(person, call)[0].state == "done"
    todos = selectors.todo_for(person, timezone.now())
    assert [todo.url for todo in todos] == [f"/assessing/{call.slug}/conflicts/"]


def test_questions_have_the_keys_of_the_open_call(call):
    keys = set(call.sections.values_list("questions__key", flat=True))
    other = Call.objects.get(state="open")
    assert keys == set(other.sections.values_list("questions__key", flat=True))
    earlier = Expression.objects.get(call=call, organisation__name__startswith="Our Lives")
    assert Answer.objects.filter(expression=earlier).count() > 10


def test_loading_again_changes_nothing_and_removing_leaves_nothing(call):
    again = Programme(now=timezone.now())
    for load in PARTS:
        load(again)
    assert again.made == 0
    call_command("remove_example_data", "--yes", verbosity=0)
    assert not Call.objects.exists()
    assert not Assessment.objects.exists()
