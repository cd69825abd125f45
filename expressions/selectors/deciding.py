"""Reads about decisions: the board, the wording of letters, what stands before a release."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.versions import details_of, version_of

from .. import letters
from ..enums import CallState, ExpressionState, LetterKind
from ..models import Call, Decision, Expression, Letter, LetterTemplate
from ..models.deciding import Words, words_in
from ..scoring import ScoredExpression
from .assessing import BOARD_PAGE, scored_expressions
from .offers import LAPSED, lapsed
from .standing import standing_of

UNDECIDED = frozenset(
    {
        ExpressionState.SUBMITTED,
        ExpressionState.ELIGIBLE,
        ExpressionState.ASSESSED,
        ExpressionState.LONGLISTED,
    }
)
# Between these a decision can be made and changed until its letter goes out.
DECIDABLE = frozenset(
    {
        ExpressionState.ASSESSED,
        ExpressionState.LONGLISTED,
        ExpressionState.OFFERED,
        ExpressionState.RESERVE,
        ExpressionState.DECLINED,
    }
)
# What the page of decisions lists: all that was sent in and not withdrawn.
LISTED = frozenset(ExpressionState) - {ExpressionState.DRAFT, ExpressionState.WITHDRAWN}


# --- Versions, for two people with the same form open ---


def decision_version(expression: Expression, decision: Decision | None) -> str:
    """The version of what is decided about ``expression`` and why."""
    words = details_of(decision, ["reason", "feedback"]) if decision else {}
    return version_of({"state": expression.state, "reason": "", "feedback": "", **words})


def wording_version(wording: LetterTemplate) -> str:
    """The version of the wording of a letter."""
    return version_of(
        details_of(wording, ["subject", "body", "subject_cy", "body_cy", "answer_by"])
    )


# --- The wording of letters ---


def wording_of(call: Call, kind: str) -> LetterTemplate:
    """The wording of a kind of letter of ``call``: as it was written, or the usual one unsaved."""
    found = LetterTemplate.objects.filter(call=call, outcome=kind).first()
    if found:
        return found
    subject, body = letters.default_wording(kind)
    subject_cy, body_cy = letters.default_wording(kind, letters.WELSH)
    return LetterTemplate(
        call=call,
        outcome=kind,
        subject=subject,
        body=body,
        subject_cy=subject_cy,
        body_cy=body_cy,
        is_example=call.is_example,
    )


def may_word(call: Call, kind: str) -> bool:
    """Whether the wording may be changed: until it is sent; that of an offer until the archive."""
    if call.state == CallState.DECIDED:
        return kind == LetterKind.OFFERED
    return call.state in {CallState.CLOSED, CallState.ASSESSING, CallState.DECIDING}


@dataclass(frozen=True)
class Preview:
    """A letter as one organisation would get it; ``welsh`` is missing without Welsh wording."""

    organisation: str
    english: Words
    welsh: Words | None


def preview_of(
    wording: LetterTemplate,
    expression: Expression,
    *,
    feedback: str | None = None,
    answer_by: date | None = None,
) -> Preview:
    """How ``wording`` reads with the values of ``expression``; with its own feedback, or else
    where feedback will stand, and the wording's last day, unless these are given."""
    if feedback is None:
        decision = Decision.objects.filter(expression=expression).first()
        feedback = (decision.feedback if decision else "") or _("[Feedback stands here]")
    day = answer_by or wording.answer_by
    found = Letter(**letters.written(wording, expression, feedback=feedback, answer_by=day))
    return Preview(
        organisation=expression.organisation.name,
        english=words_in("en", found),
        welsh=words_in(letters.WELSH, found) if found.body_cy else None,
    )


def to_preview(call: Call, user: Any, kind: str) -> QuerySet[Expression]:
    """The expressions with which a letter can be tried out, those of its kind first."""
    found = Expression.objects.visible_to(user).filter(call=call, state__in=LISTED)
    first = Case(When(state=kind, then=Value(0)), default=Value(1))
    rows = found.select_related("call", "organisation", "topic")
    return rows.order_by(first, "organisation__name", "pk")


# --- The board ---


@dataclass(frozen=True)
class DecisionLine:
    """One expression on the page of decisions; ``standing`` has its scores, if it has any."""

    expression: Expression
    standing: ScoredExpression | None
    reason: str
    feedback: str

    @property
    def score(self) -> float | None:
        return self.standing.score if self.standing else None

    @property
    def spread(self) -> float | None:
        """Between the highest and the lowest score, where there is more than one."""
        return self.standing.spread if self.standing and self.standing.done > 1 else None

    @property
    def url(self) -> str:
        arguments = [self.expression.call_id, self.expression.pk]
        return reverse("expressions:decision", args=arguments)


@dataclass(frozen=True)
class DecisionBoard:
    """A page of the board, and how many of all stand how, as (words, number)."""

    lines: list[DecisionLine]
    total: int
    number: int
    pages: int
    counts: list[tuple[str, int]]


def decision_lines(call: Call, user: Any, *, states: Iterable[str] = LISTED) -> list[DecisionLine]:
    """The expressions of ``call`` in ``states`` that ``user`` may know of, the best first.

    Five queries, however many.
    """
    rows = (
        Expression.objects.visible_to(user)
        .filter(call=call, state__in=states)
        .select_related("organisation", "topic", "decision")
    )
    standing = {one.expression_id: one for one in scored_expressions(call)}
    return sorted(
        (_line(row, standing.get(row.pk)) for row in rows),
        key=lambda line: (-1.0 if line.score is None else -line.score - 1, line.expression.pk),
    )


def decision_line(expression: Expression, decision: Decision | None) -> DecisionLine:
    """One line of the board by itself, alike however many there are. Five queries."""
    words = (decision.reason, decision.feedback) if decision else ("", "")
    return DecisionLine(expression, standing_of(expression), *words)


def _line(row: Expression, standing: ScoredExpression | None) -> DecisionLine:
    decision = getattr(row, "decision", None)
    words = (decision.reason, decision.feedback) if decision else ("", "")
    return DecisionLine(row, standing, *words)


def decision_board(call: Call, user: Any, *, state: str = "", number: int = 1) -> DecisionBoard:
    """Page ``number`` of the board, with ``state`` only those in it.

    ``LAPSED`` is no state: an offer whose day has passed.
    """
    everything = decision_lines(call, user)
    counts = Counter(line.expression.state for line in everything)
    if state == LAPSED:
        late = lapsed(timezone.localdate()).filter(expression__call=call)
        found = set(late.values_list("expression_id", flat=True))
        lines = [line for line in everything if line.expression.pk in found]
    else:
        lines = [line for line in everything if not state or line.expression.state == state]
    pages = max(1, -(-len(lines) // BOARD_PAGE))
    number = min(max(number, 1), pages)
    return DecisionBoard(
        lines=lines[(number - 1) * BOARD_PAGE : number * BOARD_PAGE],
        total=len(lines),
        number=number,
        pages=pages,
        counts=[(str(one.label), counts[one]) for one in ExpressionState if counts[one]],
    )


# --- What a plan proposes ---


@dataclass(frozen=True)
class Change:
    """What would become of one expression."""

    expression: Expression
    outcome: str

    @property
    def outcome_words(self) -> str:
        return str(ExpressionState(self.outcome).label)


def changes_by(call: Call, proposal: Mapping[int, str], user: Any) -> list[Change]:
    """What ``proposal`` would change, of what ``user`` may decide about; by name."""
    rows = (
        Expression.objects.visible_to(user)
        .filter(call=call, pk__in=list(proposal), told_at__isnull=True, state__in=DECIDABLE)
        .select_related("organisation", "call")
        .order_by("organisation__name", "pk")
    )
    return [Change(row, proposal[row.pk]) for row in rows if proposal[row.pk] != row.state]


def unweighed(call: Call, ids: Iterable[int], user: Any) -> list[Expression]:
    """Those of ``ids`` that are still undecided and that ``user`` may know of, by name."""
    rows = Expression.objects.visible_to(user).filter(
        call=call, pk__in=set(ids), state__in=UNDECIDED
    )
    return list(rows.select_related("organisation").order_by("organisation__name", "pk"))


def mark_of(changes: Sequence[Change]) -> str:
    """What a preview carries: alike for the same changes."""
    return version_of(
        {str(one.expression.pk): [one.expression.state, one.outcome] for one in changes}
    )
