"""Reads about assessment: how expressions stand, what an assessor has to do, the boards."""

from collections.abc import Sequence

from django.db.models import F

from .. import scoring
from ..enums import AssessmentState, ExpressionState
from ..models import Call, Criterion, Expression, Score
from ..scoring import Reading, ScoredExpression

# Of which expressions there is, or can be, a score.
ASSESSABLE = frozenset(ExpressionState) - {
    ExpressionState.DRAFT,
    ExpressionState.SUBMITTED,
    ExpressionState.INELIGIBLE,
    ExpressionState.WITHDRAWN,
}


def scored_expressions(call: Call) -> list[ScoredExpression]:
    """How each expression of ``call`` that is or was to be assessed stands, by id.

    Finished assessments alone count. Three queries, however many expressions.
    For the portal's own reckoning: a page must leave out what ``visible_to`` hides.
    """
    rows = Expression.objects.filter(call=call, state__in=ASSESSABLE).order_by("pk")
    agreed = dict(rows.values_list("pk", "moderation__points"))
    return scoring.score_all(
        agreed,
        readings_of(call),
        {pk: float(points) for pk, points in agreed.items() if points is not None},
    )


def readings_of(call: Call) -> Sequence[Reading]:
    """The weighted scores of the finished assessments of ``call``. Two queries."""
    weights = dict(Criterion.objects.filter(call=call).values_list("pk", "weight"))
    scores = Score.objects.filter(
        assessment__expression__call=call,
        assessment__expression__state__in=ASSESSABLE,
        assessment__state=AssessmentState.DONE,
        points__isnull=False,
    ).values_list(
        "criterion_id",
        "points",
        expression=F("assessment__expression_id"),
        assessor=F("assessment__assessor_id"),
    )
    points: dict[tuple[int, int], dict[int, int]] = {}
    for criterion, given, expression, assessor in scores.order_by("assessment_id"):
        points.setdefault((expression, assessor), {})[criterion] = given
    return [
        Reading(expression, assessor, score)
        for (expression, assessor), given in points.items()
        if (score := scoring.weighted_score(given, weights, call.top_score)) is not None
    ]
