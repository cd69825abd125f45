"""Reads about assessment: how expressions stand, what an assessor has to do, the boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import RoleKind
from accounts.rules import scope_ids
from core.todo import Todo

from .. import scoring
from ..enums import AssessmentState, CallState, ConflictState, ExpressionState
from ..models import Assessment, Call, Conflict, Criterion, Expression, Moderation, Score
from ..scoring import Reading, ScoredExpression

# Of which expressions there is, or can be, a score.
ASSESSABLE = frozenset(ExpressionState) - {
    ExpressionState.DRAFT,
    ExpressionState.SUBMITTED,
    ExpressionState.INELIGIBLE,
    ExpressionState.WITHDRAWN,
}
# Of 100: beyond it the board says that assessors differ widely, unless somebody asks otherwise.
WIDE_SPREAD = 25
BOARD_PAGE = 50


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


def counted_scores(call: Call) -> QuerySet[Score]:
    """The points of the finished assessments of ``call`` that count."""
    return Score.objects.filter(
        assessment__expression__call=call,
        assessment__expression__state__in=ASSESSABLE,
        assessment__state=AssessmentState.DONE,
        points__isnull=False,
    )


def readings_of(call: Call, expression: Expression | None = None) -> list[Reading]:
    """The weighted scores of the finished assessments of ``call``, or of one ``expression`` of
    it. Two queries."""
    weights = dict(Criterion.objects.filter(call=call).values_list("pk", "weight"))
    scores = counted_scores(call).order_by("assessment_id")
    if expression is not None:
        scores = scores.filter(assessment__expression=expression)
    points: dict[tuple[int, int], dict[int, int]] = {}
    for criterion, given, scored, assessor in scores.values_list(
        "criterion_id", "points", "assessment__expression_id", "assessment__assessor_id"
    ):
        points.setdefault((scored, assessor), {})[criterion] = given or 0
    return [
        Reading(scored, assessor, score)
        for (scored, assessor), given in points.items()
        if (score := scoring.weighted_score(given, weights, call.top_score)) is not None
    ]


# --- What an assessor sees ---


def assessed_calls(user: Any) -> QuerySet[Call]:
    """The calls that ``user`` assesses today, or assessed once."""
    today = scope_ids(user, {RoleKind.ASSESSOR}, Call)
    once = Assessment.objects.filter(assessor_id=user.pk).values("expression__call_id")
    return Call.objects.filter(Q(pk__in=today) | Q(pk__in=once))


@dataclass(frozen=True)
class Queued:
    """One expression that an assessor has to score or has scored."""

    expression: Expression
    state: str
    others_done: int


def queue(user: Any, call: Call) -> list[Queued]:
    """What ``user`` has of ``call``: first what is to be scored, the fewest-scored first.

    One query. Those about which nothing was declared yet are left out: their answers wait.
    """
    cleared = Conflict.objects.filter(person_id=user.pk, state=ConflictState.CLEARED)
    rows = (
        Assessment.objects.filter(
            expression__in=Expression.objects.to_assess_by(user).filter(
                call=call, state__in=ASSESSABLE, pk__in=cleared.values("expression_id")
            ),
            assessor_id=user.pk,
        )
        .exclude(state=AssessmentState.STOOD_DOWN)
        .select_related("expression__organisation", "expression__topic")
        .annotate(
            finished=Count(
                "expression__assessments",
                filter=Q(expression__assessments__state=AssessmentState.DONE),
            )
        )
        .order_by("finished", "expression_id")
    )
    found = [Queued(row.expression, row.state, row.finished) for row in rows]
    return sorted(found, key=lambda one: one.state != AssessmentState.ASSIGNED)


def next_to_score(user: Any, call: Call, after: int) -> Expression | None:
    """The next in the queue of ``user`` other than the expression ``after``."""
    for one in queue(user, call):
        if one.state == AssessmentState.ASSIGNED and one.expression.pk != after:
            return one.expression
    return None


@dataclass(frozen=True)
class OthersScores:
    """What another assessor gave; ``lines`` as (criterion, points, reason)."""

    number: int
    assessor: str
    lines: list[tuple[str, int | None, str]]
    comment: str
    score: float | None


def finished_scores(
    expression: Expression, criteria: Sequence[Criterion], *, but_of: Any = None
) -> list[OthersScores]:
    """The finished assessments of ``expression``, in the order in which they were finished.

    ``criteria``: those of its call; ``but_of``: a person whose own is left out. Two queries.
    """
    rows = Assessment.objects.filter(expression=expression, state=AssessmentState.DONE)
    if but_of is not None:
        rows = rows.exclude(assessor_id=but_of.pk)
    found = rows.select_related("assessor").prefetch_related("scores").order_by("done_at", "pk")
    return [
        _others(number, row, criteria, expression.call.top_score)
        for number, row in enumerate(found, start=1)
    ]


def _others(
    number: int, row: Assessment, criteria: Sequence[Criterion], top_score: int
) -> OthersScores:
    scores = {score.criterion_id: score for score in row.scores.all()}
    points = {pk: score.points for pk, score in scores.items() if score.points is not None}
    return OthersScores(
        number=number,
        assessor=row.assessor.preferred_name,
        lines=[
            (one.title, points.get(one.pk), scores[one.pk].reason if one.pk in scores else "")
            for one in criteria
        ],
        comment=row.comment,
        score=scoring.weighted_score(points, {one.pk: one.weight for one in criteria}, top_score),
    )


def side_by_side(
    scores: Sequence[OthersScores],
) -> list[tuple[str, list[tuple[int | None, str]]]]:
    """(criterion, each assessor's points and reason) of assessments of one expression."""
    return [
        (lines[0][0], [(points, reason) for _title, points, reason in lines])
        for lines in zip(*(one.lines for one in scores), strict=True)
    ]


def assessor_todo(user: Any) -> list[Todo]:
    """What waits for an assessor: at most two queries, none without the role."""
    calls = scope_ids(user, {RoleKind.ASSESSOR}, Call)
    if not calls:
        return []
    own = Expression.objects.to_assess_by(user).filter(
        call_id__in=calls,
        call__state=CallState.ASSESSING,
        state__in=ASSESSABLE,
        assessments__assessor_id=user.pk,
        assessments__state=AssessmentState.ASSIGNED,
    )
    cleared = Conflict.objects.filter(person_id=user.pk, state=ConflictState.CLEARED)
    known = Q(pk__in=cleared.values("expression_id"))
    rows = (
        own.order_by()
        .values("call_id", "call__slug", "call__title", "call__assess_by")
        .annotate(ready=Count("pk", filter=known), waiting=Count("pk", filter=~known))
        .order_by("call__assess_by", "call_id")
    )
    return [todo for row in rows for todo in _todos(row)]


def _todos(row: dict[str, Any]) -> list[Todo]:
    found = []
    title, slug, due = row["call__title"], row["call__slug"], row["call__assess_by"]
    if row["waiting"]:
        found.append(
            Todo(
                text=_("Say whether you have a conflict of interest"),
                url=reverse("expressions:declare", args=[slug]),
                detail=_("Before you score: %(call)s") % {"call": title},
                due=due,
            )
        )
    if row["ready"]:
        found.append(
            Todo(
                text=ngettext("expression to score", "expressions to score", row["ready"]),
                url=reverse("expressions:assessing-call", args=[slug]),
                detail=title,
                count=row["ready"],
                due=due,
            )
        )
    return found


# --- What staff see ---


def assessment_todo(call: Any) -> Todo:
    """How far a call that is to be read is; ``call`` has its ``done`` and ``open`` counted."""
    return Todo(
        text=_("Assessment of %(call)s") % {"call": call.title},
        url=reverse("expressions:assessment", args=[call.pk]),
        detail=_("%(done)s of %(total)s assessments are done")
        % {"done": call.done, "total": call.done + call.open},
        due=call.assess_by,
    )


@dataclass(frozen=True)
class BoardLine:
    """One expression on the board; scores are 0 to 100."""

    expression: Expression
    assigned: int
    wanted: int
    standing: ScoredExpression

    @property
    def url(self) -> str:
        arguments = [self.expression.call_id, self.expression.pk]
        return reverse("expressions:moderate", args=arguments)

    @property
    def may_finish(self) -> bool:
        """Whether its assessment can be ended with the scores that are there."""
        return self.expression.state == ExpressionState.ELIGIBLE and self.standing.done > 0


@dataclass(frozen=True)
class Board:
    """A page of the board, and what is true of all of it. ``is_connected``: whether all adjusted
    scores can be compared."""

    lines: list[BoardLine]
    total: int
    finished: int
    number: int
    pages: int
    is_connected: bool


def board_lines(call: Call, user: Any) -> list[BoardLine]:
    """Every expression of ``call`` that ``user`` may know of, the best first. Five queries."""
    today = Count(
        "assessments", filter=Q(assessments__state=AssessmentState.ASSIGNED), distinct=True
    )
    rows = (
        Expression.objects.visible_to(user)
        .filter(call=call, state__in=ASSESSABLE)
        .select_related("organisation")
        .annotate(to_come=today)
    )
    standing = {one.expression_id: one for one in scored_expressions(call)}
    lines = [
        BoardLine(row, row.to_come + standing[row.pk].done, call.scores_wanted, standing[row.pk])
        for row in rows
        if row.pk in standing
    ]
    return sorted(lines, key=lambda line: (-_or_nothing(line.standing.score), line.expression.pk))


def board_line(call: Call, user: Any, expression: Expression) -> BoardLine:
    """The line of one expression that ``user`` may know of; its adjustment takes all into account.

    Five queries.
    """
    return next(line for line in board_lines(call, user) if line.expression.pk == expression.pk)


def _or_nothing(score: float | None) -> float:
    return -1.0 if score is None else score


def board(
    call: Call, user: Any, *, wide: int | None = None, state: str = "", number: int = 1
) -> Board:
    """Page ``number`` of the board: with ``wide`` only where assessors differ by that much or
    more of 100; with ``state`` only those in it."""
    everything = board_lines(call, user)
    lines = [
        line
        for line in everything
        if (wide is None or (line.standing.done > 1 and line.standing.spread >= wide))
        and (not state or line.expression.state == state)
    ]
    pages = max(1, -(-len(lines) // BOARD_PAGE))
    number = min(max(number, 1), pages)
    components = {one.standing.component for one in everything} - {None}
    return Board(
        lines=lines[(number - 1) * BOARD_PAGE : number * BOARD_PAGE],
        total=len(lines),
        finished=sum(line.standing.done >= line.wanted for line in lines),
        number=number,
        pages=pages,
        is_connected=len(components) <= 1,
    )


def longlist_candidates(
    call: Call, user: Any, *, chosen: Sequence[int] = (), least: int | None = None
) -> list[BoardLine]:
    """Assessed expressions that are chosen, or whose score is ``least`` or more of 100."""
    return [
        line
        for line in board_lines(call, user)
        if line.expression.state == ExpressionState.ASSESSED
        and (
            line.expression.pk in chosen
            or (least is not None and _or_nothing(line.standing.score) >= least)
        )
    ]


def last_saved(assessment: Assessment) -> datetime | None:
    """When the assessor saved last; nothing before the first save."""
    return assessment.updated_at if assessment.version else None


def totals(user: Any, call: Call) -> tuple[int, int]:
    """(scored, to score in all) of ``user`` in ``call``. One query."""
    counted = (
        Assessment.objects.filter(
            assessor_id=user.pk, expression__in=Expression.objects.to_assess_by(user)
        )
        .filter(expression__call=call, expression__state__in=ASSESSABLE)
        .exclude(state=AssessmentState.STOOD_DOWN)
        .aggregate(all=Count("pk"), done=Count("pk", filter=Q(state=AssessmentState.DONE)))
    )
    return counted["done"], counted["all"]


def assessing_data(person: Any) -> dict[str, Any]:
    """What is held about ``person`` as an assessor, or as somebody with a conflict of interest."""
    return {
        "assessments": [
            {
                "call": one.expression.call.title,
                "state": str(one.get_state_display()),
                "comment": one.comment,
                "scores": [
                    {
                        "criterion": score.criterion.title,
                        "points": score.points,
                        "reason": score.reason,
                    }
                    for score in one.scores.all()
                ],
            }
            for one in Assessment.objects.filter(assessor=person)
            .select_related("expression__call")
            .prefetch_related("scores__criterion")
        ],
        "conflicts_of_interest": [
            {
                "organisation": one.expression.organisation.name,
                "state": str(one.get_state_display()),
                "reason": one.reason,
            }
            for one in Conflict.objects.filter(person=person).select_related(
                "expression__organisation"
            )
        ],
        "agreed_scores_written_down_by_you": [
            {"reference": one.expression.reference, "note": one.note}
            for one in Moderation.objects.filter(by=person).select_related("expression")
        ],
    }
