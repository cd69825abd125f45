"""Reads about plans of the mix: who could be chosen, what a plan says, the proposal."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import BarChart, Series

from .. import planning, scoring
from ..enums import ExpressionState, MixDimension, PlanScores, PlanState
from ..forms.judging import which_choices
from ..mix import Candidate, Constraint, Kind
from ..models import Call, Expression, Plan
from ..planning import Asked, constraint_of
from .assessing import ASSESSABLE, readings_of, scored_expressions

# Read enough to be chosen; who turned an offer down is asked no more.
CHOOSABLE = ASSESSABLE - {ExpressionState.ELIGIBLE, ExpressionState.TURNED_DOWN}


def proposed_plan(call: Call) -> Plan | None:
    """The plan that was chosen as the proposal of ``call``, if one was.

    Its ``offered`` and ``reserves`` are expression ids, in order. One query.
    """
    return Plan.objects.filter(call=call, state=PlanState.PROPOSAL).first()


def reserve_for(plan: Plan, expression_id: int) -> int | None:
    """Who stands in, with the mix kept, when ``expression_id`` drops out of ``plan``."""
    return plan.reserve_of.get(expression_id)


def candidates(call: Call, scores: str) -> list[Candidate]:
    """Whoever can be chosen in ``call``, by raw or by adjusted scores. Four queries.

    For the portal's own reckoning, as ``scored_expressions`` is.
    """
    standing = {one.expression_id: one for one in scored_expressions(call)}
    rows = Expression.objects.filter(call=call, state__in=CHOOSABLE).order_by("pk")
    found = []
    for pk, nation, kind, topic, model, new, struggling in rows.values_list(
        "pk",
        "organisation__nation",
        "organisation__kind",
        "topic__slug",
        "delivery_model",
        "is_first_timer",
        "is_struggling",
    ):
        one = standing.get(pk)
        score = None if one is None else (one.raw if scores == PlanScores.RAW else one.score)
        if score is None:
            continue
        values = {
            MixDimension.NATION: nation,
            MixDimension.KIND: kind,
            MixDimension.TOPIC: topic,
            MixDimension.MODEL: model,
            MixDimension.FIRST_TIMER: planning.YES if new else "",
            MixDimension.STRUGGLING: planning.YES if struggling else "",
        }
        attributes = {key.value: (value,) for key, value in values.items() if value}
        found.append(Candidate(pk, score, attributes))
    return found


def marks(call: Call) -> dict[int, str]:
    """By expression that can be chosen, a mark of its own scores and of what it counts for.

    Of the scores as they were given: when one is changed, only that expression's mark changes,
    though the adjustment shifts many a little. Four queries.
    """
    return {one.id: planning.mark_of(one) for one in candidates(call, PlanScores.RAW)}


def is_stale(plan: Plan) -> bool:
    """Whether scores or expressions changed since ``plan`` was worked out. Four queries."""
    now = planning.digest_of(asked_of(plan), candidates(plan.call, plan.scores))
    return bool(plan.digest) and now != plan.digest


def asked_of(plan: Plan) -> Asked:
    """What the plan asks."""
    return Asked(plan.places, plan.lines, plan.must, plan.must_not)


def readings_for(call: Call, scores: str) -> dict[int, dict[int, float]]:
    """By expression without an agreed score, each assessor's score of it, raw or adjusted.

    Five queries.
    """
    agreed = {one.expression_id for one in scored_expressions(call) if one.moderated is not None}
    readings = readings_of(call)
    strictness = {} if scores == PlanScores.RAW else scoring.severities(readings).strictness
    found: dict[int, dict[int, float]] = {}
    for one in readings:
        if one.expression not in agreed:
            score = one.score + strictness.get(one.assessor, 0.0)
            found.setdefault(one.expression, {})[one.assessor] = min(max(score, 0.0), 100.0)
    return found


class Names:
    """The names of expressions for one person, and of the lines of the mix. Two queries.

    What a conflict of interest hides from them is “an expression you do not see”.
    """

    def __init__(self, call: Call, user: Any, ids: Iterable[int]) -> None:
        rows = Expression.objects.visible_to(user).filter(call=call, pk__in=set(ids))
        self.seen = {one.pk: one for one in rows.select_related("organisation", "topic")}
        self.labels = {
            key: f"{group}: {label}" if str(group) != str(label) else str(label)
            for group, choices in which_choices(call)
            for key, label in choices
        }

    def of(self, expression: int) -> str:
        found = self.seen.get(expression)
        return found.organisation.name if found else _("An expression you do not see")

    def line(self, dimension: str, value: str) -> str:
        return self.labels.get(f"{dimension}:{value}", value)

    def constraint(self, one: Constraint) -> str:
        """In words: “at least 2 of Nation: Wales”."""
        if one.kind in (Kind.MUST, Kind.MUST_NOT):
            name = {"name": self.of(one.candidate)}
            if one.kind == Kind.MUST:
                return _("%(name)s must have a place") % name
            return _("%(name)s must not have a place") % name
        what = {"number": one.number, "what": self.line(one.dimension, one.value)}
        if one.kind == Kind.LEAST:
            return _("%(what)s, at least %(number)s") % what
        return _("%(what)s, at most %(number)s") % what


@dataclass(frozen=True)
class PlanLine:
    """A place of the plan. ``expression`` is ``None`` where the person may not see it; then
    nothing else is told of it. ``share``: of 100 draws; ``reserve``: a name, "" for none."""

    expression: Expression | None
    score: float | None = None
    share: float | None = None
    reserve: str = ""
    is_named: bool = False


@dataclass(frozen=True)
class PlanPage:
    """What the page of one plan shows to one person."""

    plan: Plan
    names: Names
    is_stale: bool

    @cached_property
    def lines(self) -> list[PlanLine]:
        return [self._line(one) for one in self.plan.offered]

    def _line(self, one: int) -> PlanLine:
        plan, expression = self.plan, self.names.seen.get(one)
        if expression is None:
            return PlanLine(None)
        reserve = plan.reserve_of.get(one)
        share = plan.shares.get(str(one), 0.0) if plan.shares else None
        return PlanLine(
            expression=expression,
            score=plan.result["scores"].get(str(one)),
            share=None if share is None else 100 * share,
            reserve=self.names.of(reserve) if reserve else "",
            is_named=one in plan.must,
        )

    @property
    def hidden(self) -> int:
        return sum(line.expression is None for line in self.lines)

    @property
    def prices(self) -> list[str]:
        """What each line costs in words, the dearest first."""
        rows = [
            (price, self.names.constraint(constraint_of(one)))
            for one, price in self.plan.result.get("prices", [])
        ]
        return [
            _("Without “%(line)s” the total score would be %(points)s points higher.")
            % {"line": words, "points": f"{price:.1f}" if price >= 0.05 else f"{price:.3f}"}
            for price, words in sorted(rows, key=lambda row: -row[0])
            if price
        ]

    @property
    def free(self) -> list[str]:
        """The lines that cost nothing."""
        rows = self.plan.result.get("prices", [])
        return [self.names.constraint(constraint_of(one)) for one, price in rows if not price]

    @property
    def together(self) -> list[str]:
        return [
            self.names.constraint(constraint_of(one))
            for one in self.plan.result.get("together", [])
        ]

    @property
    def changes(self) -> list[str]:
        """What would have to give for the nearest set, in words."""
        return [
            self._change(constraint_of(one), by) for one, by in self.plan.result.get("changes", [])
        ]

    def _change(self, one: Constraint, by: int) -> str:
        words = {"line": self.names.constraint(one)}
        if one.kind in (Kind.MUST, Kind.MUST_NOT):
            return _("Give up “%(line)s”.") % words
        number = one.number - by if one.kind == Kind.LEAST else one.number + by
        return _("Change “%(line)s” to %(number)s.") % {**words, "number": number}

    @cached_property
    def chart(self) -> BarChart | None:
        """The places of each line against the least that is wanted."""
        rows = self.plan.result.get("mix", [])
        if not rows:
            return None
        met = sum(count >= least for _d, _v, least, _most, count in rows)
        title = ngettext(
            "%(met)s of %(all)s line of the mix is met",
            "%(met)s of %(all)s lines of the mix are met",
            len(rows),
        )
        return BarChart(
            title=title % {"met": met, "all": len(rows)},
            labels=[self._mix_label(row) for row in rows],
            series=[
                Series(_("Places in this plan"), [row[4] for row in rows]),
                Series(_("At least"), [row[2] for row in rows]),
            ],
            unit=_("places"),
        )

    def _mix_label(self, row: Sequence[Any]) -> str:
        dimension, value, _least, most, _count = row
        label = self.names.line(dimension, value)
        if most is None:
            return label
        return _("%(line)s, at most %(most)s") % {"line": label, "most": most}


def plan_page(plan: Plan, user: Any) -> PlanPage:
    """All that the page of ``plan`` shows ``user``. Seven queries."""
    return PlanPage(plan, Names(plan.call, user, _ids(plan)), is_stale(plan))


def _ids(plan: Plan) -> set[int]:
    return {*plan.offered, *plan.reserves, *plan.must, *plan.must_not}


@dataclass(frozen=True)
class Comparison:
    """Plans side by side. ``figures`` and ``mix``: (words, one cell for each plan); ``chosen``:
    (expression, whether it has a place, for each plan), ``hidden``: how many unseen in each."""

    plans: list[Plan]
    stale: list[bool]
    figures: list[tuple[str, list[str]]]
    chosen: list[tuple[Expression, list[bool]]]
    hidden: list[int]

    @property
    def heads(self) -> list[tuple[Plan, bool]]:
        """Each plan with whether it is out of date."""
        return list(zip(self.plans, self.stale, strict=True))


def compared(call: Call, user: Any, ids: Collection[int]) -> Comparison:
    """The plans ``ids`` of ``call`` side by side, in the order in which they were made."""
    plans = list(Plan.objects.filter(call=call, pk__in=ids).order_by("pk"))
    offered = [set(plan.offered) for plan in plans]
    everybody = set().union(*offered)
    names = Names(call, user, everybody)
    shown = [names.seen[one] for one in everybody if one in names.seen]
    shown.sort(key=lambda one: (-sum(one.pk in ids for ids in offered), one.organisation.name))
    return Comparison(
        plans=plans,
        stale=[is_stale(plan) for plan in plans],
        figures=[*_figures(plans), *_mix_rows(plans, names)],
        chosen=[(one, [one.pk in ids for ids in offered]) for one in shown],
        hidden=[len(ids - names.seen.keys()) for ids in offered],
    )


def _figures(plans: Sequence[Plan]) -> list[tuple[str, list[str]]]:
    scores = [plan.result.get("score") for plan in plans]
    return [
        (_("Places"), [str(plan.places) for plan in plans]),
        (_("Total score"), [_("none") if one is None else f"{one:.1f}" for one in scores]),
        (_("Scores"), [str(plan.get_scores_display()) for plan in plans]),
    ]


def _mix_rows(plans: Sequence[Plan], names: Names) -> list[tuple[str, list[str]]]:
    """A row for each line of the mix that any of ``plans`` asks.

    Where nothing fits there is no count: then what was asked stands there, and how it ended.
    """
    rows: dict[tuple[str, str], dict[int, str]] = {}
    for place, plan in enumerate(plans):
        for dimension, value, *row in plan.result.get("mix") or plan.lines:
            words = _cell(*row) if len(row) > 2 else _asked_cell(plan, *row)
            rows.setdefault((dimension, value), {})[place] = words
    return [
        (names.line(*key), [found.get(place, _("not asked")) for place in range(len(plans))])
        for key, found in rows.items()
    ]


def _asked_cell(plan: Plan, least: int, most: int | None) -> str:
    words = _("asked: at least %(least)s") % {"least": least}
    if most is not None:
        words = _("asked: from %(least)s to %(most)s") % {"least": least, "most": most}
    if plan.status in ("conflict", "too_few"):
        return _("%(asked)s. Not everything that this plan asks can be kept") % {"asked": words}
    return _("%(asked)s. No best set was found yet") % {"asked": words}


def _cell(least: int, most: int | None, count: int) -> str:
    if most is None:
        return _("%(count)s (at least %(least)s)") % {"count": count, "least": least}
    return _("%(count)s (from %(least)s to %(most)s)") % {
        "count": count,
        "least": least,
        "most": most,
    }


PICKED_AT_ONCE = 50


def to_name(plan: Plan, user: Any, find: str) -> list[tuple[Expression, str]]:
    """(expression, "must", "must_not" or "") of those that ``user`` sees and that fit ``find``,
    a part of a name or a reference; without it those that are named already. One query."""
    rows = Expression.objects.visible_to(user).filter(call=plan.call_id, state__in=CHOOSABLE)
    named = {**dict.fromkeys(plan.must, "must"), **dict.fromkeys(plan.must_not, "must_not")}
    if find:
        by_name = rows.filter(organisation__name__icontains=find)
        rows = by_name | rows.filter(reference__iexact=find)
    elif named:
        rows = rows.filter(pk__in=named)
    found = rows.select_related("organisation").order_by("organisation__name", "pk")
    return [(one, named.get(one.pk, "")) for one in found[:PICKED_AT_ONCE]]
