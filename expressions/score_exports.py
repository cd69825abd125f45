"""Scores as rows of a table: one for each finished assessment."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .enums import AssessmentState
from .models import Assessment, Call
from .selectors.assessing import board_lines


def header(call: Call) -> list[str]:
    """The names of the columns, for each criterion of ``call`` two."""
    columns = [_("Reference"), _("Organisation"), _("State"), _("Assessor")]
    for title in call.criteria.values_list("title", flat=True):
        columns += [title, _("Why: %(criterion)s") % {"criterion": title}]
    return [
        *columns,
        _("Comment"),
        _("Weighted score of 100"),
        _("Mean of all"),
        _("Mean, adjusted for strictness"),
        _("Spread"),
        _("Agreed score"),
    ]


def rows(call: Call, user: Any, *, named: bool) -> Iterator[list[Any]]:
    """A row for each finished assessment that ``user`` may know of, by expression.

    Without ``named`` assessors are numbers, the same for all rows. Seven queries.
    """
    lines = {line.expression.pk: line for line in board_lines(call, user)}
    criteria = list(call.criteria.values_list("pk", flat=True))
    found = (
        Assessment.objects.filter(expression__in=lines, state=AssessmentState.DONE)
        .select_related("assessor")
        .prefetch_related("scores")
        .order_by("expression_id", "pk")
    )
    numbers: dict[int, int] = {}
    for one in found:
        line = lines[one.expression_id]
        number = numbers.setdefault(one.assessor_id, len(numbers) + 1)
        scores = {score.criterion_id: score for score in one.scores.all()}
        given = [
            cell
            for pk in criteria
            for cell in ((scores[pk].points, scores[pk].reason) if pk in scores else (None, ""))
        ]
        standing = line.standing
        yield [
            line.expression.reference,
            line.expression.organisation.name,
            str(line.expression.get_state_display()),
            one.assessor.preferred_name if named else number,
            *given,
            one.comment,
            _rounded(standing.by_assessor.get(one.assessor_id)),
            _rounded(standing.mean),
            _rounded(standing.adjusted),
            _rounded(standing.spread),
            standing.moderated,
        ]


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 1)
