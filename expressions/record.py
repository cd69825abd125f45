"""The record of the decisions of a call as a report: what was decided, why, by whom, and sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import nice_date, nice_datetime
from core.transitions import transitions_of, transitions_of_all
from reports.models import ReportRun
from reports.registry import Progress, ReportKind, Sheet, register_report

from .enums import ExpressionState
from .models import Call, Expression, Letter
from .selectors import scored_expressions
from .selectors.deciding import LISTED
from .selectors.planning import proposed_plan

# In the order in which the record tells of them.
GROUPS = (
    ExpressionState.PROJECT,
    ExpressionState.ACCEPTED,
    ExpressionState.OFFERED,
    ExpressionState.TURNED_DOWN,
    ExpressionState.RESERVE,
    ExpressionState.DECLINED,
    ExpressionState.INELIGIBLE,
    ExpressionState.LONGLISTED,
    ExpressionState.ASSESSED,
)
# What is decided here, and what follows on it.
DECISIONS = {
    ExpressionState.OFFERED,
    ExpressionState.RESERVE,
    ExpressionState.DECLINED,
    ExpressionState.INELIGIBLE,
}
ANSWERS = {ExpressionState.ACCEPTED, ExpressionState.TURNED_DOWN, ExpressionState.PROJECT}
AT_ONCE = 50


def parameters_of(call: Call) -> dict[str, Any]:
    """What a run of the record says about what it is a record of."""
    return {"call": call.pk}


def call_of(run: ReportRun) -> Call | None:
    """The call of which ``run`` is a record; nothing for other runs, or when it is gone."""
    if run.kind != RECORD.name:
        return None
    return Call.objects.filter(pk=run.parameters.get("call")).first()


def collect(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The decisions of the call ``parameters["call"]`` as plain data."""
    progress(0, 1, _("Reading the scores"))
    call = Call.objects.get(pk=parameters["call"])
    scores = {one.expression_id: one for one in scored_expressions(call)}
    rows = list(
        Expression.objects.filter(call=call, state__in=LISTED)
        .select_related("organisation", "topic", "decision__by")
        .prefetch_related("letters__by", "letters__resendings__by")
        .order_by("organisation__name", "pk")
    )
    steps = transitions_of_all(Expression, [row.pk for row in rows])
    lines: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows):
        if number % AT_ONCE == 0:
            progress(number, len(rows), _("Reading the decisions and the letters"))
        line = _line(row, scores.get(row.pk), steps.get(row.pk, []))
        lines.setdefault(row.state, []).append(line)
    groups = [*GROUPS, *(state for state in lines if state not in GROUPS)]
    return {
        "title": call.title,
        "year": call.year,
        "state": str(call.get_state_display()),
        "at": nice_datetime(progress.now),
        "total": len(rows),
        "plan": _plan(call),
        "groups": [
            {
                "title": str(ExpressionState(state).label),
                "lines": sorted(lines[state], key=_by_score),
            }
            for state in groups
            if state in lines
        ],
    }


def _by_score(line: dict[str, Any]) -> float:
    """The best first, those without a score last."""
    return 1.0 if line["score"] is None else -line["score"]


def _plan(call: Call) -> dict[str, Any] | None:
    """The plan of the mix that was chosen as the proposal, by whom, when and why, if one was."""
    plan = proposed_plan(call)
    if plan is None:
        return None
    chosen = transitions_of(plan).filter(step="choose").last()
    return {
        "name": plan.name,
        "places": plan.places,
        "at": nice_datetime(chosen.at) if chosen else "",
        "by": chosen.by.preferred_name if chosen and chosen.by else "",
        "reason": chosen.reason if chosen else "",
    }


def _decided(row: Expression, steps: list[Any]) -> tuple[str, Any, Any]:
    """Why the outcome that the newest letter tells of was chosen, by whom and when.

    Until the letters are out the decision has the newest words. What is decided later, such as a
    reserve that is called up, and who is not eligible, stand in the changes of state alone.
    """
    decision = getattr(row, "decision", None)
    step = next((one for one in reversed(steps) if one.target in DECISIONS), None)
    if step and (decision is None or not decision.reason or step.at > decision.at):
        return step.reason, step.by, step.at
    return (decision.reason, decision.by, decision.at) if decision else ("", None, None)


def _feedback(row: Expression) -> str:
    """What the organisation was told; until there is a letter, what it is to be told."""
    told = dict.fromkeys(letter.feedback for letter in row.letters.all() if letter.feedback)
    decision = getattr(row, "decision", None)
    return "\n\n".join(told) or (decision.feedback if decision else "")


def _then(steps: list[Any]) -> list[str]:
    """What the organisation answered and what came of it, in words."""
    words = []
    for step in steps:
        if step.target in ANSWERS:
            line = _("%(state)s on %(at)s") % {
                "state": ExpressionState(step.target).label,
                "at": nice_datetime(step.at),
            }
            words.append(f"{line}: {step.reason}" if step.reason else line)
    return words


def _line(row: Expression, standing: Any, steps: list[Any]) -> dict[str, Any]:
    reason, by, at = _decided(row, steps)
    organisation = row.organisation
    return {
        "organisation": organisation.name,
        "reference": row.reference,
        "kind": str(organisation.get_kind_display()),
        "nation": str(organisation.get_nation_display()),
        "topic": row.topic.title if row.topic else "",
        "score": _round(standing.score if standing else None),
        "mean": _round(standing.mean if standing else None),
        "spread": _round(standing.spread if standing and standing.done > 1 else None),
        "reason": reason,
        "decided_by": by.preferred_name if by else "",
        "decided_at": nice_datetime(at) if at else "",
        "feedback": _feedback(row),
        "then": _then(steps),
        "letters": [words for letter in row.letters.all() for words in _sent(letter)],
    }


def _round(score: float | None) -> float | None:
    return None if score is None else round(score, 1)


def _sent(letter: Letter) -> list[str]:
    """A letter and each time that it was sent again, in words."""
    words = {
        "kind": letter.get_outcome_display(),
        "at": nice_datetime(letter.at),
        "people": letter.sent_to,
    }
    line = _("%(kind)s: sent on %(at)s, people written to: %(people)s")
    if not letter.sent_to:
        line = _("%(kind)s: kept on %(at)s, nobody to write to")
    lines = [line % words]
    if letter.answer_by:
        lines[0] += ". " + _("To be answered by %(day)s") % {"day": nice_date(letter.answer_by)}
    for again in letter.resendings.all():
        words = {"at": nice_datetime(again.at), "why": again.reason}
        lines.append(_("Sent again on %(at)s: %(why)s") % words)
    return lines


def sheets(figures: dict[str, Any]) -> list[Sheet]:
    """The decisions as one sheet, a line for each expression, and the plan that they followed."""
    header = [
        _("Decision"), _("Organisation"), _("Reference"), _("Kind"), _("Nation"), _("Topic"),
        _("Score"), _("Mean"), _("Spread"), _("Why"), _("Decided by"), _("Decided"),
        _("Feedback"), _("Letters"), _("What followed"),
    ]  # fmt: skip
    names = "organisation reference kind nation topic score mean spread reason decided_by"
    names += " decided_at feedback"
    rows = [
        [
            group["title"],
            *(line[name] for name in names.split()),
            *("\n".join(line[name]) for name in ("letters", "then")),
        ]
        for group in figures["groups"]
        for line in group["lines"]
    ]
    found = [(_("Decisions"), header, rows)]
    if plan := figures.get("plan"):
        words = [_("Plan of the mix"), _("Places"), _("Chosen"), _("Chosen by"), _("Why")]
        found.append(
            (_("Plan"), words, [[plan[name] for name in ("name", "places", "at", "by", "reason")]])
        )
    return found


RECORD = ReportKind(
    name="expressions.decision_record",
    title=gettext_lazy("Record of decisions"),
    description=gettext_lazy("What was decided in a call, why, by whom, and the letters sent."),
    permission="expressions.make_decision_record",
    collect=collect,
    template="expressions/report/decision_record.html",
    sheets=sheets,
    scoped=True,
    page=lambda run: reverse("expressions:decision-record", args=[run.parameters["call"]]),
    keep_days=None,
)


def register() -> None:
    """Make the record known to the reports room."""
    register_report(RECORD)
