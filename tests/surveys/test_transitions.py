"""The states of a survey: who may change them, from where, and what a second click does."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import RoleKind
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from surveys import transitions
from surveys.enums import QuestionKind, SurveyState
from surveys.models import Survey
from tests.accounts.factories import person_with
from tests.surveys.factories import (
    PageFactory,
    QuestionFactory,
    SurveyFactory,
    add_question,
    full_survey,
)

pytestmark = pytest.mark.django_db

ALLOWED = [
    (transitions.open_survey, SurveyState.DRAFT, SurveyState.OPEN),
    (transitions.close_survey, SurveyState.OPEN, SurveyState.CLOSED),
    (transitions.reopen_survey, SurveyState.CLOSED, SurveyState.OPEN),
]


@pytest.mark.parametrize(("step", "source", "target"), ALLOWED)
def test_the_programme_team_takes_each_step_once(step, source, target, staff, now):
    survey = SurveyFactory(state=source)
    assert step(obj=survey, by=staff, now=now, reason="Asked for").state == target
    assert step(obj=survey, by=staff, now=now, reason="Asked for").state == target
    assert [(row.source, row.target) for row in transitions_of(survey)] == [(source, target)]


@pytest.mark.parametrize(("step", "source", "_target"), ALLOWED)
@pytest.mark.parametrize("kind", [RoleKind.LEADERSHIP, RoleKind.NETWORKS_LEAD])
def test_others_take_none(step, source, _target, kind, now):
    with pytest.raises(PermissionDenied):
        step(obj=SurveyFactory(state=source), by=person_with(kind), now=now, reason="I want")


@pytest.mark.parametrize(
    ("step", "source"),
    [
        (transitions.open_survey, SurveyState.CLOSED),
        (transitions.close_survey, SurveyState.DRAFT),
        (transitions.reopen_survey, SurveyState.DRAFT),
    ],
)
def test_a_step_from_another_state_is_refused(step, source, staff, now):
    with pytest.raises(TransitionNotAllowed):
        step(obj=SurveyFactory(state=source), by=staff, now=now, reason="Asked for")


def test_opening_again_needs_a_reason(staff, now):
    survey = SurveyFactory(state=SurveyState.CLOSED)
    with pytest.raises(ReasonRequired):
        transitions.reopen_survey(obj=survey, by=staff, now=now)


def test_the_portal_closes_a_survey_by_itself(now):
    survey = SurveyFactory()
    assert transitions.close_on_time(obj=survey, by=None, now=now).state == SurveyState.CLOSED


def test_a_survey_takes_answers_from_its_day_until_its_moment(now):
    survey = SurveyFactory(opens_on=now.date(), closes_at=now + timedelta(hours=1))
    assert survey.takes_answers(now)
    assert not survey.takes_answers(now - timedelta(days=1))
    assert not survey.takes_answers(now + timedelta(hours=1))
    assert not SurveyFactory(state=SurveyState.DRAFT).takes_answers(now)


def test_results_are_visible_to_staff_and_leadership_alone(somebody, now):
    survey = SurveyFactory()
    people = {kind: person_with(kind) for kind in [RoleKind.LEADERSHIP, RoleKind.NETWORKS_LEAD]}
    for person in [*people.values(), somebody]:
        listed = Survey.objects.visible_to(person).filter(pk=survey.pk).exists()
        assert listed == person.has_perm("surveys.view_results", survey)
    assert not somebody.has_perm("surveys.view_results")
    assert people[RoleKind.LEADERSHIP].has_perm("surveys.view_results")


def test_a_condition_without_answers_is_refused_by_the_database():
    first = QuestionFactory()
    later = PageFactory(survey=first.survey, order=first.page.order + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionFactory(page=later, asked_if=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionFactory(page=later, asked_if_answers=["red"])


def test_a_condition_on_the_same_page_is_refused():
    first = QuestionFactory()
    same = QuestionFactory.build(page=first.page, asked_if=first, asked_if_answers=["x"])
    with pytest.raises(ValidationError):
        same.clean()


def test_a_survey_asks_for_the_nation_once():
    survey = full_survey()
    page = PageFactory(survey=survey, order=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_question(page, "nation2", QuestionKind.NATION)
