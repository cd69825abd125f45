"""How one expression stands, without loading its whole call."""

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from .. import scoring
from ..models import Call, Criterion, Expression, Moderation
from ..scoring import Reading, ScoredExpression, Severities
from .assessing import ASSESSABLE, counted_scores, readings_of

KEPT = 600


def standing_of(expression: Expression) -> ScoredExpression | None:
    """How ``expression`` stands, as ``scored_expressions`` says of all; ``None`` where it cannot
    have a score.

    Its own scores are read. How strict its assessors are hangs on all scores of the call: that is
    reckoned anew when one of them has changed, and kept otherwise. Five queries.
    """
    if expression.state not in ASSESSABLE:
        return None
    readings = readings_of(expression.call, expression)
    agreed = Moderation.objects.filter(expression=expression).values_list("points", flat=True)
    points = agreed.first()
    return scoring.score_one(
        expression.pk,
        readings,
        None if points is None else float(points),
        _severities(expression.call, readings),
    )


def _severities(call: Call, readings: list[Reading]) -> Severities:
    key = f"expressions.severities:{call.pk}:{_stamp(call)}"
    kept = cache.get(key)
    # Somebody may have scored between the two looks.
    if kept is not None and {one.assessor for one in readings} <= kept[0].keys():
        return Severities(*kept)
    found = scoring.severities(readings_of(call))
    cache.set(key, (found.strictness, found.component), timeout=KEPT)
    return found


def _stamp(call: Call) -> str:
    """Another text whenever a score or a weight of ``call`` is changed, added or left out."""
    scores = counted_scores(call).aggregate(
        number=Count("pk"),
        whose=Sum("assessment_id"),
        points=Sum("points"),
        last=Max("updated_at"),
    )
    weights = Criterion.objects.filter(call=call).aggregate(
        number=Count("pk"), weights=Sum("weight"), last=Max("updated_at")
    )
    words = [*scores.values(), *weights.values(), call.top_score]
    return "-".join("".join(one for one in str(word) if one.isalnum()) for word in words)
