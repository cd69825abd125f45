"""The programme's survey: what the sources say of it, and example answers that add up."""

import pytest
from django.core.exceptions import ValidationError

from impact_portal.programme import people, surveys
from impact_portal.programme.frame import Programme
from surveys.enums import QuestionKind, SurveyState
from surveys.models import Option, Page, Question, Response, Survey, SurveyRollup
from surveys.selectors import results_page

pytestmark = pytest.mark.django_db


def load(now):
    programme = Programme(now=now)
    people.load(programme)
    before = programme.made
    surveys.load(programme)
    return programme.made - before


def test_the_stakeholder_survey_is_open_with_its_five_blocks_and_who_is_asked(now):
    load(now)
    survey = Survey.objects.get()
    assert (survey.slug, survey.estimated_minutes) == ("stakeholder-survey", 10)
    assert survey.takes_answers(now)
    assert survey.is_example
    assert [page.title for page in Page.objects.all()] == [
        "What influences practice",
        "How much evidence matters",
        "Whose voices count",
        "What support is needed",
        "How to choose, and which topics",
        "You",
    ]


def test_every_example_answer_is_marked_and_counted(now):
    load(now)
    assert Response.objects.filter(is_example=True).count() == 2165
    page = results_page(Survey.objects.get())
    assert page.responses == 2165
    assert all(question.result.answered for question in page.questions)


def test_every_answer_is_one_that_the_question_offers(now):
    load(now)
    codes = {}
    for option in Option.objects.select_related("question"):
        codes.setdefault(option.question_id, set()).add(option.code)
    for row in SurveyRollup.objects.exclude(question=None).select_related("question"):
        if row.option.startswith("@") or row.question.kind == QuestionKind.NATION:
            continue
        given = row.option.replace("#", ":").split(":")
        known = [code for code in given if not code.isdigit()]
        assert set(known) <= codes[row.question_id], row.option


def test_every_wording_has_its_welsh(now):
    load(now)
    for model, names in [(Survey, ["title", "introduction", "what_next"]), (Page, ["title"])]:
        for row in model.objects.all():
            assert all(getattr(row, f"{name}_cy") for name in names), row
    for row in [*Question.objects.all(), *Option.objects.all()]:
        assert row.text_cy, row


def test_every_question_is_sound(now):
    load(now)
    for question in Question.objects.all():
        try:
            question.full_clean()
        except ValidationError as problem:
            pytest.fail(f"{question.code}: {problem}")


def test_loading_again_changes_nothing(now):
    assert load(now) > 2165
    first = sorted(Response.objects.values_list("pk", "counted_on"))
    assert load(now) == 0
    assert sorted(Response.objects.values_list("pk", "counted_on")) == first


def test_a_survey_that_was_closed_stays_closed(now):
    load(now)
    Survey.objects.update(state=SurveyState.CLOSED)
    load(now)
    assert Survey.objects.get().state == SurveyState.CLOSED
