"""Who gets what to score: an even share, and nothing to somebody with a conflict."""

from collections import Counter
from datetime import timedelta
from itertools import combinations, product

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile
from expressions.assigning import Unfilled, Wanting, balanced
from expressions.enums import AssessmentState, CallState, ConflictState
from expressions.models import Assessment, Conflict
from expressions.scoring import Reading, severities
from expressions.selectors import assigning as selectors
from expressions.services import assigning as services
from expressions.services import conflicts
from expressions.transitions import release_ended
from tests.accounts.factories import UserFactory
from tests.expressions.assessing import assessor_of, assigned, eligible, reading_call, score
from tests.expressions.test_at_once import at_once


def loads_of(plan, loads):
    return Counter(loads) + Counter(assessor for _expression, assessor in plan.pairs)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 40), st.integers(1, 8), st.integers(1, 4), st.data())
def test_shares_differ_by_one_at_most_where_nobody_has_a_conflict(size, people, wanted, data):
    assigned_before = {
        number: frozenset(data.draw(st.sets(st.integers(0, people - 1), max_size=wanted)))
        for number in range(size)
        if data.draw(st.booleans())
    }
    # What is there already was shared out evenly too.
    loads = dict.fromkeys(range(people), 0)
    rows = [Wanting(number, frozenset()) for number in range(size)]
    plan = balanced(rows, loads, [], wanted)
    counts = [loads_of(plan, loads)[person] for person in range(people)]
    assert max(counts) - min(counts) <= 1
    each = Counter(expression for expression, _assessor in plan.pairs)
    assert all(each[number] == min(wanted, people) for number in range(size))
    some = [Wanting(number, assigned_before.get(number, frozenset())) for number in range(size)]
    assert not {(one.expression, who) for one in some for who in one.assigned} & set(
        balanced(some, loads, [], wanted).pairs
    )


@settings(max_examples=60, deadline=None)
@given(
    loads=st.lists(st.integers(0, 3), min_size=2, max_size=3),
    forbidden=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=6),
    wanted=st.integers(1, 2),
    size=st.integers(1, 4),
)
def test_shares_are_as_even_as_conflicts_allow(loads, forbidden, wanted, size):
    people = dict(enumerate(loads))
    rows = [Wanting(number) for number in range(size)]
    plan = balanced(rows, people, forbidden, wanted)
    assert not set(plan.pairs) & forbidden
    assert len(set(plan.pairs)) == len(plan.pairs)
    open_to = {e: [a for a in people if (e, a) not in forbidden] for e in range(size)}
    ways = [list(combinations(open_to[e], min(wanted, len(open_to[e])))) for e in range(size)]
    best = min(
        sum(number**2 for number in (Counter(people) + Counter(a for w in way for a in w)).values())
        for way in product(*ways)
    )
    assert sum(number**2 for number in loads_of(plan, people).values()) == best
    short = {e for e in range(size) if len(open_to[e]) < wanted}
    assert set(plan.unfilled) == short


def test_the_same_people_and_expressions_give_the_same_plan_in_any_order():
    rows = [Wanting(number) for number in range(9)]
    loads = {3: 1, 1: 0, 2: 4}
    one = balanced(rows, loads, {(2, 1)}, 2)
    other = balanced(rows[::-1], dict(reversed(loads.items())), {(2, 1)}, 2)
    assert one == other


@pytest.mark.parametrize("people", [2, 3, 4, 5, 6, 9])
def test_all_assessors_read_with_one_another_so_that_strictness_can_be_compared(people):
    plan = balanced([Wanting(n) for n in range(4 * people)], dict.fromkeys(range(people), 0), [], 2)
    readings = [Reading(expression, assessor, 50) for expression, assessor in plan.pairs]
    assert severities(readings).is_connected


def test_what_stays_short_says_why():
    assert balanced([Wanting(1)], {}, [], 1).unfilled == {1: Unfilled.NO_ASSESSORS}
    assert balanced([Wanting(1)], {7: 0}, {(1, 7)}, 1).unfilled == {1: Unfilled.CONFLICTS}
    assert balanced([Wanting(1)], {7: 0}, [], 2).unfilled == {1: Unfilled.TOO_FEW}


def test_hundreds_of_expressions_are_shared_out_in_a_moment():
    forbidden = {(number, number % 30) for number in range(2_000)}
    plan = balanced([Wanting(n) for n in range(2_000)], dict.fromkeys(range(30), 0), forbidden, 3)
    counts = Counter(assessor for _expression, assessor in plan.pairs)
    assert set(counts.values()) == {200}


# --- in the database ---


def assign(call, staff):
    seen = selectors.plan_mark(selectors.plan(call, timezone.now()))
    return services.assign_balanced(call=call, seen=seen, by=staff, now=timezone.now())


@pytest.mark.django_db
def test_eligible_expressions_get_as_many_assessors_as_the_call_wants(staff):
    call = reading_call(scores_wanted=2)
    people = [assessor_of(call) for _n in range(3)]
    rows = [eligible(call) for _n in range(6)]
    assign(call, staff)
    counts = Counter(Assessment.objects.values_list("assessor_id", flat=True))
    assert counts == {person.pk: 4 for person in people}
    assert all(row.assessments.count() == 2 for row in rows)
    assert AuditEntry.objects.filter(note="12 assessments assigned", by=staff).count() == 1
    assert selectors.plan(call, timezone.now()).pairs == []


@pytest.mark.django_db
def test_a_conflict_is_never_assigned_neither_evenly_nor_by_hand(staff):
    call = reading_call(scores_wanted=1)
    first, second = assessor_of(call), assessor_of(call)
    row = eligible(call)
    conflicts.declare_conflict(
        obj=row, person=first, reason="My brother", by=first, now=timezone.now()
    )
    assert assign(call, staff).pairs == [(row.pk, second.pk)]
    given_, refused = services.assign_chosen(
        call=call, person=first, expressions=[row.pk], by=staff, now=timezone.now()
    )
    assert (given_, [one for one, _why in refused]) == ([], [row])
    assert row.assessments.get().assessor == second


@pytest.mark.django_db
def test_a_plan_that_changed_meanwhile_is_shown_again(staff):
    call = reading_call(scores_wanted=1)
    assessor_of(call)
    eligible(call)
    with pytest.raises(ChangedMeanwhile):
        services.assign_balanced(call=call, seen="old", by=staff, now=timezone.now())
    assert not Assessment.objects.exists()


@pytest.mark.django_db
def test_an_open_call_gives_nobody_anything(staff):
    call = reading_call(state=CallState.OPEN)
    with pytest.raises(TransitionNotAllowed):
        services.assign_balanced(call=call, seen="", by=staff, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_assign_once():
    from accounts.enums import RoleKind
    from tests.accounts.factories import person_with

    staff = person_with(RoleKind.PROGRAMME_STAFF)
    call = reading_call(scores_wanted=2)
    for _n in range(3):
        assessor_of(call)
    for _n in range(4):
        eligible(call)
    seen = selectors.plan_mark(selectors.plan(call, timezone.now()))

    def press(number):
        try:
            services.assign_balanced(call=call, seen=seen, by=staff, now=timezone.now())
        except ChangedMeanwhile:
            return "again"
        return "done"

    at_once(press)
    assert Assessment.objects.count() == 8
    assert AuditEntry.objects.filter(note__endswith="assigned").count() == 1


@pytest.mark.django_db
def test_who_is_taken_off_a_call_keeps_what_is_done_and_frees_the_rest(staff):
    call = reading_call(scores_wanted=1)
    person = assessor_of(call)
    done, still = assigned(eligible(call), person), assigned(eligible(call), person)
    score(done, 3, 3)
    freed = services.remove_assessor(call=call, person=person, by=staff, now=timezone.now())
    done.refresh_from_db()
    still.refresh_from_db()
    assert (freed, done.state, still.state) == (1, "done", "stood_down")
    other = assessor_of(call)
    assert assign(call, staff).pairs == [(still.expression_id, other.pk)]


@pytest.mark.django_db
def test_a_role_that_ends_frees_what_is_not_done_once():
    call = reading_call()
    person = assessor_of(call)
    still = assigned(eligible(call), person)
    assert release_ended(now=timezone.now()) == 0
    person.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert release_ended(now=timezone.now()) == 1
    assert release_ended(now=timezone.now()) == 0
    still.refresh_from_db()
    assert still.state == AssessmentState.STOOD_DOWN


@pytest.mark.django_db
def test_somebody_is_given_again_by_hand_what_was_taken_away(staff):
    call = reading_call()
    person = assessor_of(call)
    row = assigned(eligible(call), person)
    services.remove_assessor(call=call, person=person, by=staff, now=timezone.now())
    day = timezone.localdate() + timedelta(days=30)
    person.roles.all().delete()
    person = type(person).objects.get(pk=person.pk)
    services.add_assessor(call=call, person=person, ends_on=day, by=staff, now=timezone.now())
    services.assign_chosen(
        call=call, person=person, expressions=[row.expression_id], by=staff, now=timezone.now()
    )
    row.refresh_from_db()
    assert row.state == AssessmentState.ASSIGNED


@pytest.mark.django_db
def test_adding_somebody_twice_moves_their_last_day(staff):
    call, person = reading_call(), UserFactory()
    today = timezone.localdate()
    for days in (10, 20, 20):
        services.add_assessor(
            call=call,
            person=person,
            ends_on=today + timedelta(days=days),
            by=staff,
            now=timezone.now(),
        )
    assert person.roles.get().ends_on == today + timedelta(days=20)


@pytest.mark.django_db
def test_adding_an_assessor_finds_their_conflicts(staff):
    from tests.partners.factories import ContactFactory

    call = reading_call()
    person = UserFactory()
    row = eligible(call)
    ContactFactory(organisation=row.organisation, person=person)
    services.add_assessor(call=call, person=person, ends_on=None, by=staff, now=timezone.now())
    assert Conflict.objects.get().state == ConflictState.SUGGESTED
