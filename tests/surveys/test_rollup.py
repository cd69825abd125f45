"""Counting: SQL and Python agree with each other and with a straight count."""

import random
from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from surveys import rollup
from surveys.models import Question, Response, SurveyRollup
from surveys.questionnaire import UNANSWERED, questionnaire
from tests.surveys.factories import ResponseFactory, full_survey

pytestmark = pytest.mark.django_db


def random_answers(chance: random.Random) -> dict:
    """Answers to ``full_survey`` as the form would give them, some left out."""
    found = {
        "single": chance.choice(["red", "green", "blue", None]),
        "several": chance.sample(["one", "two", "three"], chance.randint(0, 2)),
        "rating": chance.choice(["never", "rarely", "often", None]),
        "matrix": {
            row: chance.choice(["low", "high"])
            for row in ["row_a", "row_b"]
            if chance.random() < 0.8
        },
        "ranking": chance.sample(["north", "south", "west"], chance.randint(0, 3)),
        "nation": chance.choice(["wales", "england", "scotland", None]),
        "role": chance.choice(["carer", "worker", None]),
    }
    if found["rating"] in {"never", "rarely"}:
        found["why"] = chance.choice(["red tape: nation#1", "", "@answered"])
    left_out = [code for code, value in found.items() if not value]
    return {code: value for code, value in found.items() if value} | {UNANSWERED: left_out}


def answer_randomly(survey, count, seed=1):
    chance = random.Random(seed)
    documents = [random_answers(chance) for _ in range(count)]
    Response.objects.bulk_create(
        [ResponseFactory.build(survey=survey, answers=answers) for answers in documents]
    )
    return documents


def cells(survey):
    rows = SurveyRollup.objects.filter(survey=survey)
    return Counter({(row.question_id, row.option, row.nation, row.role): row.count for row in rows})


@pytest.mark.parametrize("seed", range(5))
def test_rollup_equals_the_count_in_python(seed):
    survey = full_survey()
    documents = answer_randomly(survey, 120, seed)
    with transaction.atomic():
        rollup.rebuild(survey)
    questions = {row.code: row for row in Question.objects.filter(survey=survey)}
    assert cells(survey) == rollup.count(documents, questions, nation="nation", role="role")


def test_the_plain_fallback_makes_the_same_rollup(monkeypatch):
    survey = full_survey()
    answer_randomly(survey, 80)
    rollup.rebuild(survey)
    in_sql = cells(survey)
    monkeypatch.setattr(connection, "vendor", "sqlite")
    rollup.rebuild(survey)
    assert cells(survey) == in_sql


def test_rollup_equals_a_straight_count_of_each_kind_of_answer():
    survey = full_survey()
    documents = answer_randomly(survey, 150)
    rollup.rebuild(survey)
    totals = Counter()
    for (question, option, _nation, _role), count in cells(survey).items():
        totals[question, option] += count
    items = {item.code: item.id for item in questionnaire(survey).items}
    asked = [answers for answers in documents if answers.get("rating") in {"never", "rarely"}]
    assert totals[None, ""] == 150
    assert totals[items["single"], "red"] == sum(a.get("single") == "red" for a in documents)
    assert totals[items["several"], "two"] == sum("two" in a.get("several", []) for a in documents)
    assert totals[items["matrix"], "row_b:high"] == sum(
        a.get("matrix", {}).get("row_b") == "high" for a in documents
    )
    assert totals[items["ranking"], "west#2"] == sum(
        a.get("ranking", [])[1:2] == ["west"] for a in documents
    )
    assert totals[items["why"], "@answered"] == sum("why" in a for a in asked)
    assert totals[items["why"], "@answered"] + totals[items["why"], "@unanswered"] == len(asked)


def test_rebuilding_twice_changes_nothing():
    survey = full_survey()
    answer_randomly(survey, 30)
    rollup.rebuild(survey)
    once = cells(survey)
    rollup.rebuild(survey)
    assert cells(survey) == once


def test_another_survey_is_neither_counted_nor_emptied():
    survey, other = full_survey(), full_survey()
    answer_randomly(survey, 10)
    answer_randomly(other, 20, seed=2)
    rollup.rebuild(other)
    before = cells(other)
    rollup.rebuild(survey)
    assert cells(other) == before
    assert sum(count for key, count in cells(survey).items() if key[0] is None) == 10


def test_answers_to_questions_that_are_no_longer_there_are_passed_over():
    survey = full_survey()
    ResponseFactory(survey=survey, answers={"gone": "x", "single": "red", UNANSWERED: ["gone2"]})
    rollup.rebuild(survey)
    assert {key[1] for key in cells(survey)} == {"", "@answered", "red"}


def test_rebuilding_costs_the_same_queries_for_any_number_of_responses():
    survey = full_survey()
    answer_randomly(survey, 100)
    with CaptureQueriesContext(connection) as few:
        rollup.rebuild(survey)
    # The same answers ten times over: other numbers in the same cells.
    for _time in range(9):
        answer_randomly(survey, 100)
    with CaptureQueriesContext(connection) as many:
        rollup.rebuild(survey)
    assert len(many) == len(few)
