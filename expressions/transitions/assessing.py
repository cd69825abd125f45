"""The steps of assessment: of a call, of one assessor's assessment, and of what was assessed."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import RoleKind
from accounts.selectors import holders
from core.transitions import Step, TransitionNotAllowed, state_table, transition

from ..enums import AssessmentState, CallState, ExpressionState
from ..models import Assessment, Call, Expression
from .tables import STEPS

# An assessment: assigned → done; stood down from either, and assigned again from there.
ASSESSMENT_STEPS = state_table(
    Step(
        name="finish_scoring",
        sources=frozenset({AssessmentState.ASSIGNED}),
        target=AssessmentState.DONE,
        label=gettext_lazy("Finish scoring"),
        permission="expressions.finish_scoring",
        repeatable=True,
    ),
    # Taken by the portal: a conflict was found, or the assessor's role has ended.
    Step(
        name="stand_down",
        sources=frozenset({AssessmentState.ASSIGNED, AssessmentState.DONE}),
        target=AssessmentState.STOOD_DOWN,
        label=gettext_lazy("Stand down"),
        permission=None,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="assign_again",
        sources=frozenset({AssessmentState.STOOD_DOWN}),
        target=AssessmentState.ASSIGNED,
        label=gettext_lazy("Assign again"),
        permission="expressions.run_assessment",
        repeatable=True,
    ),
)


class ScoresMissing(TransitionNotAllowed):
    """A criterion has no points, or no reason. ``str()`` is fit to be shown."""


def scoring_closed() -> TransitionNotAllowed:
    """The refusal when a call takes no scores, in words."""
    return TransitionNotAllowed(
        _("Scores can be given and changed only while the expressions of the call are being read.")
    )


def finish_scoring(*, obj: Assessment, by: Any, now: datetime, reason: str = "") -> Assessment:
    """Say that these are the scores. The last one that its call wants ends the assessment.

    Errors: ``ScoresMissing``; ``TransitionNotAllowed`` when the call takes no scores.
    """

    def apply(assessment: Assessment) -> None:
        call = Call.objects.get(expressions=assessment.expression_id)
        if call.state != CallState.ASSESSING:
            raise scoring_closed()
        complete = assessment.scores.filter(points__isnull=False).exclude(reason="")
        if complete.count() < call.criteria.count():
            raise ScoresMissing(_("Each criterion needs points and a reason."))
        assessment.done_at = now

    return transition(
        obj=obj,
        step=ASSESSMENT_STEPS["finish_scoring"],
        by=by,
        now=now,
        reason=reason,
        apply=apply,
        then=lambda assessment: _finish_when_enough(assessment.expression_id, now),
    )


def _finish_when_enough(expression_id: int, now: datetime) -> None:
    """Of two assessors who finish at once, the second waits here and counts both."""
    expression = Expression.objects.select_for_update().get(pk=expression_id)
    done = expression.assessments.filter(state=AssessmentState.DONE).count()
    wanted = Call.objects.values_list("scores_wanted", flat=True).get(pk=expression.call_id)
    if expression.state == ExpressionState.ELIGIBLE and done >= wanted:
        finish_assessment(obj=expression, by=None, now=now)


def finish_assessment(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Say that an expression has been scored enough.

    Taken by the portal, or by staff who go on with fewer scores than were wanted: a view asks
    for the permission, since the portal needs none. Errors: ``TransitionNotAllowed`` when nobody
    has scored it.
    """

    def apply(expression: Expression) -> None:
        if not expression.assessments.filter(state=AssessmentState.DONE).exists():
            raise TransitionNotAllowed(_("Nobody has scored it yet."))

    return transition(
        obj=obj, step=STEPS["finish_assessment"], by=by, now=now, reason=reason, apply=apply
    )


def longlist(*, obj: Expression, by: Any, now: datetime, reason: str = "") -> Expression:
    """Put it on the long list."""
    return transition(obj=obj, step=STEPS["longlist"], by=by, now=now, reason=reason)


def stand_down(*, obj: Assessment, by: Any, now: datetime, reason: str) -> Assessment:
    """Let somebody score this no more. What they wrote is kept, and not counted."""
    return transition(obj=obj, step=ASSESSMENT_STEPS["stand_down"], by=by, now=now, reason=reason)


def assign_again(*, obj: Assessment, by: Any, now: datetime, reason: str = "") -> Assessment:
    """Give an assessment that was taken away back to the same assessor."""
    return transition(obj=obj, step=ASSESSMENT_STEPS["assign_again"], by=by, now=now, reason=reason)


def release_ended(*, now: datetime) -> int:
    """Stand down what people were to score whose role as assessor has ended; returns how many.

    May run as often as one likes. What they finished stays and counts.
    """
    released = 0
    for call in Call.objects.filter(state__in=[CallState.CLOSED, CallState.ASSESSING]):
        today = timezone.localdate(now)
        still = holders({RoleKind.ASSESSOR}, on=today, scope=Call, ids=[call.pk])
        ended = Assessment.objects.filter(
            expression__call=call, state=AssessmentState.ASSIGNED
        ).exclude(assessor__in=still)
        for assessment in ended:
            stand_down(obj=assessment, by=None, now=now, reason=_("The assessor’s role has ended."))
            released += 1
    return released
