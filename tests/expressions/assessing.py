"""A call that is being read, its criteria, its assessors and what they have to score."""

from datetime import timedelta

from django.utils import timezone

from accounts.enums import RoleKind
from expressions.enums import AssessmentState, CallState, ConflictState
from expressions.models import Assessment, Conflict, Criterion, Score
from expressions.services import assessing
from expressions.services.assessing import GivenScore
from tests.accounts.factories import person_with
from tests.expressions.factories import CallFactory, SubmittedFactory


def reading_call(criteria=2, **fields):
    """A closed call whose expressions are being read; the first criterion weighs three times."""
    now = timezone.now()
    call = CallFactory(
        **{
            "state": CallState.ASSESSING,
            "opens_at": now - timedelta(days=60),
            "closes_at": now - timedelta(days=20),
            **fields,
        }
    )
    for number in range(criteria):
        Criterion.objects.create(
            call=call, order=number, title=f"Criterion {number}", weight=1 if number else 3
        )
    return call


def eligible(call, **fields):
    return SubmittedFactory(call=call, state="eligible", **fields)


def assessor_of(call, **person):
    return person_with(RoleKind.ASSESSOR, call, **person)


def cleared(expression, person):
    """Say that there is no conflict."""
    return Conflict.objects.create(
        expression=expression,
        person=person,
        state=ConflictState.CLEARED,
        decided_at=timezone.now(),
    )


def assigned(expression, person, declared=True):
    """Give it to them to score, as after they declared that they have no conflict."""
    if declared:
        cleared(expression, person)
    return Assessment.objects.create(
        expression=expression, assessor=person, assigned_at=timezone.now()
    )


def scores(call, *points, reason="Because."):
    criteria = call.criteria.order_by("order")
    return {
        one.pk: GivenScore(number, reason) for one, number in zip(criteria, points, strict=True)
    }


def score(assessment, *points):
    """Score all criteria and finish, by the service."""
    assessment.refresh_from_db()
    return assessing.save_scores(
        obj=assessment,
        given=scores(assessment.expression.call, *points),
        comment="",
        seen=assessment.version,
        finish=True,
        by=type(assessment.assessor).objects.get(pk=assessment.assessor_id),
        now=timezone.now(),
    )


def scored(expression, person, *points):
    """A finished assessment, made without its steps."""
    row = Assessment.objects.create(
        expression=expression,
        assessor=person,
        assigned_at=timezone.now(),
        done_at=timezone.now(),
        state=AssessmentState.DONE,
        version=1,
    )
    Score.objects.bulk_create(
        Score(assessment=row, criterion=one, points=number, reason="Because.")
        for one, number in zip(expression.call.criteria.order_by("order"), points, strict=True)
    )
    return row
