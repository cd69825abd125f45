"""The arithmetic of scores."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressions import scoring
from expressions.scoring import Reading


def design(seed, assessors, expressions, each=2):
    """Who reads what: ``each`` different assessors for each expression, all tied together."""
    chance = random.Random(seed)
    people = list(range(assessors))
    pairs = [
        (expression, person)
        for expression in range(expressions)
        for person in chance.sample(people, each)
    ]
    # A chain through all assessors ties them.
    pairs += [(expressions + n, n) for n in people[:-1]]
    pairs += [(expressions + n, n + 1) for n in people[:-1]]
    return pairs


def test_points_are_weighted_to_a_score_of_a_hundred():
    assert scoring.weighted_score({1: 5, 2: 0}, {1: 3, 2: 1}, 5) == 75.0
    assert scoring.weighted_score({1: 4, 2: 4}, {1: 7, 2: 2}, 4) == 100.0


def test_a_criterion_without_points_gives_no_score():
    assert scoring.weighted_score({1: 5}, {1: 3, 2: 1}, 5) is None
    assert scoring.weighted_score({}, {}, 5) is None


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    strict=st.lists(st.integers(-15, 15), min_size=3, max_size=6),
)
def test_planted_strictness_is_found_again(seed, strict):
    chance = random.Random(seed)
    mean = sum(strict) / len(strict)
    planted = {person: one - mean for person, one in enumerate(strict)}
    pairs = design(seed, len(strict), 150)
    worth = {expression: chance.uniform(20, 80) for expression, _person in pairs}
    readings = [Reading(e, a, worth[e] - planted[a]) for e, a in pairs]
    found = scoring.severities(readings)
    assert found.is_connected
    for person, one in planted.items():
        # The ridge draws each a little towards zero.
        assert found.strictness[person] == pytest.approx(one, abs=0.8)
    adjusted = scoring.adjusted_scores(readings, found)
    assert max(abs(adjusted[one] - worth[one]) for one in worth) < 0.8


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    assessors=st.integers(2, 6),
    scores=st.lists(st.floats(0, 100), min_size=1, max_size=12),
)
def test_assessors_who_score_all_alike_are_not_adjusted(seed, assessors, scores):
    readings = [
        Reading(expression, person, score)
        for expression, score in enumerate(scores)
        for person in range(assessors)
    ]
    for one in scoring.score_all(range(len(scores)), readings):
        assert one.adjusted == pytest.approx(one.mean)
        assert one.spread == 0


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_where_all_read_all_the_adjusted_score_is_the_mean(data):
    readings = [
        Reading(expression, person, data.draw(st.floats(20, 80)))
        for expression in range(4)
        for person in range(3)
    ]
    for one in scoring.score_all(range(4), readings):
        assert one.adjusted == pytest.approx(one.mean)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_other_numbers_for_people_and_expressions_change_nothing(seed, data):
    pairs = design(seed, 4, 12)
    readings = [Reading(e, a, data.draw(st.floats(0, 100))) for e, a in pairs]
    people = data.draw(st.permutations(range(4)))
    names = data.draw(st.permutations(range(20)))
    renamed = [Reading(names[e], people[a], score) for e, a, score in readings]
    data.draw(st.randoms()).shuffle(renamed)
    before = scoring.severities(readings).strictness
    after = scoring.severities(renamed).strictness
    for person, one in before.items():
        assert after[people[person]] == pytest.approx(one, abs=1e-8)
    adjusted = scoring.adjusted_scores(readings, scoring.severities(readings))
    again = scoring.adjusted_scores(renamed, scoring.severities(renamed))
    for expression, one in adjusted.items():
        assert again[names[expression]] == pytest.approx(one, abs=1e-8)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.floats(0, 100)), max_size=40))
def test_strictness_sums_to_zero_in_each_group_that_can_be_compared(rows):
    once = {(e, a): Reading(e, a, score) for e, a, score in rows}
    found = scoring.severities(list(once.values()))
    for number in set(found.component.values()):
        members = [one for one, group in found.component.items() if group == number]
        assert sum(found.strictness[one] for one in members) == pytest.approx(0, abs=1e-8)


def test_groups_that_share_nothing_are_adjusted_apart_and_say_so():
    readings = [
        Reading(1, 10, 40), Reading(1, 11, 60), Reading(2, 10, 50), Reading(2, 11, 70),
        Reading(3, 20, 10),
    ]  # fmt: skip
    found = scoring.severities(readings)
    assert not found.is_connected
    assert found.component == {10: 0, 11: 0, 20: 1}
    assert found.strictness[20] == 0
    scored = {one.expression_id: one for one in scoring.score_all([1, 2, 3], readings)}
    assert [scored[one].component for one in (1, 2, 3)] == [0, 0, 1]
    assert scored[3].adjusted == scored[3].mean == 10


def test_an_agreed_score_stands_before_all_others():
    readings = [Reading(1, 10, 20), Reading(1, 11, 80)]
    scored, unread = scoring.score_all([1, 2], readings, {1: 65.0})
    assert (scored.mean, scored.spread, scored.done) == (50, 60, 2)
    assert scored.by_assessor == {10: 20, 11: 80}
    assert (scored.score, scored.raw) == (65.0, 65.0)
    assert (unread.score, unread.mean, unread.component, unread.done) == (None, None, None, 0)


def test_no_scores_at_all_are_no_error():
    assert scoring.severities([]).is_connected
    assert scoring.score_all([], []) == []
