"""Writes of a decision: what is decided and why, and letters released together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import transitions
from ..enums import CallState, LetterKind
from ..models import Call, Decision, Expression, LetterTemplate, Plan
from ..selectors import deciding as selectors
from ..selectors import planning, releasing
from ..transitions.tables import CHOSEN_AMONG, PROPOSED
from .posting import write_all


class NotReadyToRelease(TransitionNotAllowed):
    """Something is undecided or missing. ``str()`` is fit to be shown."""


def proposal_of(call: Call) -> dict[int, str]:
    """What the plan of the mix proposes, by expression id: offered, reserve or declined.

    Whoever it weighed and has neither a place nor a reserve in it is declined. Whoever it did not
    weigh as they stand now is not in it: see ``not_weighed``. Empty while no plan is chosen as the
    proposal. Six queries.
    """
    plan = planning.proposed_plan(call)
    if plan is None:
        return {}
    decided = _able(call) - _unknown_to(plan, call)
    found = dict.fromkeys(decided, LetterKind.DECLINED.value)
    found |= dict.fromkeys(plan.reserves, LetterKind.RESERVE.value)
    found |= dict.fromkeys(plan.offered, LetterKind.OFFERED.value)
    return {pk: outcome for pk, outcome in found.items() if pk in decided}


def not_weighed(call: Call) -> set[int]:
    """Whoever can be chosen and was not weighed by the plan, or stands otherwise since.

    They became ready afterwards, or a score of theirs was changed. Empty without a proposal.
    """
    plan = planning.proposed_plan(call)
    return _able(call) & _unknown_to(plan, call) if plan else set()


def _able(call: Call) -> set[int]:
    able = call.expressions.filter(state__in=CHOSEN_AMONG | PROPOSED, told_at__isnull=True)
    return set(able.values_list("pk", flat=True))


def _unknown_to(plan: Plan, call: Call) -> set[int]:
    marks = planning.marks(call)
    return {pk for pk in _able(call) if pk not in plan.weighed or plan.weighed[pk] != marks.get(pk)}


def decide(
    *,
    obj: Expression,
    outcome: str,
    reason: str,
    feedback: str,
    seen: str,
    by: Any,
    now: datetime,
) -> Expression:
    """Keep what is decided about an expression, held until release, and the feedback.

    ``outcome``: offered, reserve or declined; empty keeps the feedback alone. ``seen``: what
    ``selectors.decision_version`` said when the page was opened. Saving what stands already, as by
    a double click, changes nothing. Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``,
    ``ReasonRequired``, ``PermissionDenied``.
    """
    reason, feedback = reason.strip(), feedback.strip()
    with transaction.atomic():
        expression = _held(obj, by)
        standing = Decision.objects.filter(expression=expression).first()
        wanted = outcome or expression.state
        words = (standing.reason, standing.feedback) if standing else ("", "")
        if wanted == expression.state and words == (reason, feedback):
            return expression
        version = selectors.decision_version(expression, standing)
        if seen != version:
            raise ChangedMeanwhile(version)
        if outcome and not reason:
            raise ReasonRequired(_("Say why, in a sentence or two."))
        if wanted != expression.state:
            expression = transitions.propose(
                obj=expression, outcome=wanted, by=by, now=now, reason=reason
            )
        _keep_words(expression, (reason, feedback), by, now)
    return expression


def _held(obj: Expression, by: Any) -> Expression:
    """The locked row, while its decision may be changed by this person.

    The call is locked first, as a release does, so that nothing is decided under its letters.
    """
    call = Call.objects.select_for_update().get(pk=obj.call_id)
    expression = Expression.objects.select_for_update().get(pk=obj.pk)
    if not by.has_perm("expressions.decide_expression", expression):
        raise PermissionDenied
    if call.state != CallState.DECIDING or expression.told_at is not None:
        raise TransitionNotAllowed(
            _("The decision cannot be changed now. Its letter may have gone out already.")
        )
    return expression


def _keep_words(expression: Expression, words: tuple[str, str], by: Any, now: datetime) -> None:
    reason, feedback = words
    before = {"reason": "", "feedback": ""}
    if standing := Decision.objects.filter(expression=expression).first():
        before = audit.snapshot(standing, list(before))
    row, made = Decision.objects.update_or_create(
        expression=expression,
        defaults={"reason": reason, "feedback": feedback, "by": by, "at": now},
    )
    action = AuditAction.CREATED if made else AuditAction.CHANGED
    changes = audit.changed(before, audit.snapshot(row, list(before)))
    audit.record(action=action, obj=row, by=by, now=now, changes=changes)


def apply_plan(*, call: Call, seen: str, reason: str, by: Any, now: datetime) -> int:
    """Decide as the plan of ``call`` proposes, weighed against the scores of this moment.

    Returns how many changed. Errors: those of ``apply_proposal``.
    """
    with transaction.atomic():
        locked = Call.objects.select_for_update().get(pk=call.pk)
        proposal = proposal_of(locked)
        return apply_proposal(
            call=locked, proposal=proposal, seen=seen, reason=reason, by=by, now=now
        )


def apply_proposal(
    *, call: Call, proposal: Mapping[int, str], seen: str, reason: str, by: Any, now: datetime
) -> int:
    """Decide as the plan proposes, for all that ``by`` may know of; returns how many changed.

    ``seen``: the mark of the preview that was shown. A second time changes nothing. Errors:
    ``ChangedMeanwhile``, ``TransitionNotAllowed``, ``ReasonRequired``.
    """
    with transaction.atomic():
        locked = Call.objects.select_for_update().get(pk=call.pk)
        changes = selectors.changes_by(call, proposal, by)
        if not changes:
            return 0
        if seen != selectors.mark_of(changes):
            raise ChangedMeanwhile(
                selectors.mark_of(changes),
                _("The plan or a decision has changed since. Look at the preview again."),
            )
        if not reason.strip():
            raise ReasonRequired(_("Say why, in a sentence or two."))
        for outcome in sorted({change.outcome for change in changes}):
            ids = [one.expression.pk for one in changes if one.outcome == outcome]
            rows = Expression.objects.filter(call=locked, pk__in=ids)
            transitions.propose_all(rows=rows, outcome=outcome, by=by, now=now, reason=reason)
        _keep_reasons([change.expression for change in changes], reason.strip(), by, now)
    return len(changes)


def _keep_reasons(rows: list[Expression], reason: str, by: Any, now: datetime) -> None:
    """Keep ``reason`` as the decision about each of ``rows``; feedback stays. A few queries."""
    standing = list(Decision.objects.filter(expression__in=rows))
    changes = []
    for row in standing:
        before = audit.snapshot(row, ["reason"])
        row.reason, row.by, row.at, row.updated_at = reason, by, now, now
        changes.append((row, audit.changed(before, audit.snapshot(row, ["reason"]))))
    Decision.objects.bulk_update(standing, ["reason", "by", "at", "updated_at"], batch_size=500)
    audit.record_all(action=AuditAction.CHANGED, changes=changes, by=by, now=now)
    known = {row.expression_id for row in standing}
    made = Decision.objects.bulk_create(
        [
            Decision(expression=one, reason=reason, by=by, at=now)
            for one in rows
            if one.pk not in known
        ],
        batch_size=500,
    )
    new = [(row, {"reason": ["", reason]}) for row in made]
    audit.record_all(action=AuditAction.CREATED, changes=new, by=by, now=now)


def save_wording(
    *, call: Call, kind: str, values: Mapping[str, Any], seen: str, by: Any, now: datetime
) -> LetterTemplate:
    """Keep the subject, the letter and for offers the last day to answer.

    Errors: ``ChangedMeanwhile``; ``TransitionNotAllowed`` once the letters have gone out, save
    the letter of offer, with which a reserve is called up.
    """
    with transaction.atomic():
        locked = Call.objects.select_for_update().get(pk=call.pk)
        if not selectors.may_word(locked, kind):
            raise TransitionNotAllowed(_("These letters have gone out already."))
        standing = selectors.wording_of(locked, kind)
        if standing.pk and all(getattr(standing, name) == values[name] for name in values):
            return standing
        version = selectors.wording_version(standing)
        if version != seen:
            raise ChangedMeanwhile(version)
        before = audit.snapshot(standing, list(values))
        for name, value in values.items():
            setattr(standing, name, value)
        action = AuditAction.CHANGED if standing.pk else AuditAction.CREATED
        standing.save()
        changes = audit.changed(before, audit.snapshot(standing, list(values)))
        audit.record(action=action, obj=standing, by=by, now=now, changes=changes)
    return standing


def release(*, call: Call, without_feedback: bool, by: Any, now: datetime) -> Call:
    """Send all letters of a call, each once, and say that it is decided: all or nothing.

    ``without_feedback``: that some letters may go without. A second time sends nothing. Errors:
    ``NotReadyToRelease``; those of ``transition``.
    """

    def apply(locked: Call) -> None:
        # Nobody marks or decides one of them between this look and its letter.
        list(releasing.to_tell(locked).select_for_update(of=("self",)).values_list("pk"))
        if words := releasing.what_stops(locked, now, without_feedback=without_feedback):
            raise NotReadyToRelease(words)

    def then(locked: Call) -> None:
        wordings = {kind: selectors.wording_of(locked, kind) for kind in LetterKind.values}
        to_tell = Expression.objects.select_for_update(of=("self",)).filter(
            call=locked, state__in=LetterKind.values, told_at__isnull=True
        )
        rows = to_tell.select_related("call", "organisation", "topic", "decision").order_by("pk")
        write_all(
            ((row, wordings[row.state], wordings[row.state].answer_by) for row in rows), by, now
        )

    return transitions.decide_call(obj=call, by=by, now=now, apply=apply, then=then)
