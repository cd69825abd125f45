"""The mix planner's model against brute force, which tries every set there is."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressions.mix import (
    Candidate,
    Kind,
    Limit,
    NotAProblem,
    Problem,
    best_set,
    find,
    prices,
    reserves,
    smallest_conflict,
    stability,
)

TRAITS = [("nation", "wales"), ("nation", "england"), ("kind", "council"), ("first_timer", "yes")]


@st.composite
def problems(draw):
    how_many = draw(st.integers(1, 8))
    candidates = tuple(
        Candidate(
            number,
            draw(st.integers(0, 100_000)) / 1000,
            frozenset(draw(st.sets(st.sampled_from(TRAITS)))),
        )
        for number in range(1, how_many + 1)
    )
    limits = {Limit(Kind.PLACES, draw(st.integers(0, how_many + 1)))}
    for trait in TRAITS:
        if draw(st.booleans()):
            limits.add(Limit(Kind.LEAST, draw(st.integers(0, 4)), *trait))
        if draw(st.booleans()):
            limits.add(Limit(Kind.MOST, draw(st.integers(0, 4)), *trait))
    for kind in (Kind.MUST, Kind.MUST_NOT):
        if draw(st.booleans()):
            limits.add(Limit(kind, draw(st.integers(1, how_many))))
    return Problem(candidates, tuple(sorted(limits)))


def points(problem, ids):
    return sum(one.points for one in problem.chosen(ids))


def every_set(problem, limits=None):
    """All sets that keep to ``limits``, by trying each."""
    limits = problem.limits if limits is None else limits
    ids = [one.id for one in problem.candidates]
    for size in range(len(ids) + 1):
        for chosen in combinations(ids, size):
            if all(limit.holds(problem.chosen(chosen)) for limit in limits):
                yield chosen


def best_by_trying(problem, limits=None):
    return max((points(problem, chosen) for chosen in every_set(problem, limits)), default=None)


@settings(max_examples=200, deadline=None)
@given(problems())
def test_best_set_is_the_best_of_all_sets(problem):
    chosen, best = best_set(problem), best_by_trying(problem)
    assert (chosen is None) == (best is None)
    if chosen is not None:
        assert problem.is_kept_by(chosen)
        assert points(problem, chosen) == best


@settings(max_examples=100, deadline=None)
@given(problems())
def test_price_is_what_the_best_set_gains_without_the_limit(problem):
    chosen = best_set(problem)
    if chosen is None:
        return
    for price in prices(problem, chosen):
        without = [limit for limit in problem.limits if limit != price.limit]
        gain = best_by_trying(problem, without) - points(problem, chosen)
        assert round(price.points * 1000) == gain >= 0


@settings(max_examples=100, deadline=None)
@given(problems())
def test_conflict_is_the_smallest_there_is_and_what_is_let_go_mends_it(problem):
    conflict = smallest_conflict(problem)
    assert (conflict is None) == (best_set(problem) is not None)
    if conflict is None:
        return
    assert best_by_trying(problem, conflict.together) is None
    for size in range(len(conflict.together)):
        for fewer in combinations(problem.limits, size):
            assert best_by_trying(problem, fewer) is not None
    kept = [limit for limit in problem.limits if limit not in conflict.let_go]
    assert best_by_trying(problem, kept) is not None
    for fewer in combinations(problem.limits, len(conflict.let_go) - 1):
        assert best_by_trying(problem, set(problem.limits) - set(fewer)) is None


@settings(max_examples=100, deadline=None)
@given(problems())
def test_reserve_is_the_best_who_keeps_the_mix_in_the_place_of_another(problem):
    chosen = best_set(problem)
    if chosen is None:
        return
    for gone, reserve in reserves(problem, chosen).items():
        limits = [limit for limit in problem.limits if limit != Limit(Kind.MUST, gone)]
        able = [
            one.points
            for one in problem.candidates
            if one.id not in chosen
            and all(limit.holds(problem.chosen({*chosen, one.id} - {gone})) for limit in limits)
        ]
        assert (reserve is None) == (not able)
        if reserve is not None:
            assert problem.by_id[reserve].points == max(able)


def many(scores, places, *limits):
    candidates = tuple(
        Candidate(number, score, frozenset(traits)) for number, (score, traits) in scores.items()
    )
    return Problem(candidates, (Limit(Kind.PLACES, places), *limits))


WALES = ("nation", "wales")


def test_findings_of_a_mix_say_what_wales_costs_and_who_stands_ready():
    wales = Limit(Kind.LEAST, 1, *WALES)
    problem = many({1: (90, []), 2: (80, []), 3: (61.5, [WALES]), 4: (60, [WALES])}, 2, wales)
    found = find(problem, rounds=[{}, {4: 70}, {2: 95}, {3: 0, 4: 10}])
    assert (found.chosen, found.total) == ((1, 3), 151.5)
    assert [(price.limit, price.points) for price in found.prices] == [(wales, 18.5)]
    assert found.reserves == {1: 2, 3: 4}
    assert found.stability == {1: 0.75, 2: 0.25, 3: 0.5, 4: 0.5}


def test_two_in_wales_of_one_place_are_named_as_the_conflict_and_nothing_else_is():
    two = Limit(Kind.LEAST, 2, *WALES)
    problem = many({1: (9, [WALES]), 2: (8, [WALES])}, 1, two, Limit(Kind.MOST, 5, *WALES))
    conflict = find(problem).conflict
    assert conflict.together == (two, Limit(Kind.PLACES, 1))
    assert len(conflict.let_go) == 1


def test_the_same_problem_in_another_order_gives_the_same_set():
    scores = {number: (50, [WALES] if number % 3 else []) for number in range(1, 40)}
    problem = many(scores, 12, Limit(Kind.MOST, 7, *WALES))
    turned = replace(problem, candidates=problem.candidates[::-1])
    assert best_set(problem) == best_set(turned) == best_set(problem)


def test_stability_without_rounds_is_empty():
    assert stability(many({1: (5, [])}, 1), []) == {}


@pytest.mark.parametrize(
    ("candidates", "limits"),
    [
        ((Candidate(1, 5), Candidate(1, 6)), (Limit(Kind.PLACES, 1),)),
        ((Candidate(1, 101),), (Limit(Kind.PLACES, 1),)),
        ((Candidate(1, float("nan")),), (Limit(Kind.PLACES, 1),)),
        ((Candidate(1, 5),), ()),
        ((Candidate(1, 5),), (Limit(Kind.PLACES, 1), Limit(Kind.PLACES, 2))),
        ((Candidate(1, 5),), (Limit(Kind.PLACES, -1),)),
        ((Candidate(1, 5),), (Limit(Kind.PLACES, 1), Limit(Kind.MUST, 7))),
    ],
)
def test_what_cannot_be_asked_is_refused(candidates, limits):
    with pytest.raises(NotAProblem):
        Problem(candidates, limits)
