"""Writes of a decision: what is decided and why, letters released together, sent again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile
from notifications.services import queue
from partners.selectors import contact_people

from .. import letters, notifications, transitions
from ..enums import CallState, LetterKind
from ..models import Call, Decision, Expression, Letter, LetterTemplate, Resending
from ..selectors import deciding as selectors
from ..selectors import planning, releasing
from ..transitions.tables import CHOSEN_AMONG, PROPOSED


class NotReadyToRelease(TransitionNotAllowed):
    """Something is undecided or missing. ``str()`` is fit to be shown."""


def proposal_of(call: Call) -> dict[int, str]:
    """What the plan of the mix proposes, by expression id: offered, reserve or declined.

    Whoever can be chosen and has neither a place nor a reserve in it is declined. Empty while no
    plan is chosen as the proposal. Two queries.
    """
    plan = planning.proposed_plan(call)
    if plan is None:
        return {}
    able = call.expressions.filter(state__in=CHOSEN_AMONG | PROPOSED)
    decided = set(able.values_list("pk", flat=True))
    found = dict.fromkeys(decided, LetterKind.DECLINED.value)
    found |= dict.fromkeys(plan.reserves, LetterKind.RESERVE.value)
    found |= dict.fromkeys(plan.offered, LetterKind.OFFERED.value)
    return {pk: outcome for pk, outcome in found.items() if pk in decided}


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


def apply_proposal(
    *, call: Call, proposal: Mapping[int, str], seen: str, reason: str, by: Any, now: datetime
) -> int:
    """Decide as the plan proposes, for all that ``by`` may know of; returns how many changed.

    ``seen``: the mark of the preview that was shown. A second time changes nothing. Errors:
    ``ChangedMeanwhile``, ``TransitionNotAllowed``, ``ReasonRequired``.
    """
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)
        changes = selectors.changes_by(call, proposal, by)
        if not changes:
            return 0
        if seen != selectors.mark_of(changes):
            raise ChangedMeanwhile(
                selectors.mark_of(changes),
                _("The plan or a decision has changed since. Look at the preview again."),
            )
        for change in changes:
            standing = Decision.objects.filter(expression=change.expression).first()
            decide(
                obj=change.expression,
                outcome=change.outcome,
                reason=reason,
                feedback=standing.feedback if standing else "",
                seen=selectors.decision_version(change.expression, standing),
                by=by,
                now=now,
            )
    return len(changes)


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
        rows = to_tell.select_related("call", "organisation", "topic", "decision")
        for expression in rows.order_by("pk"):
            wording = wordings[LetterKind(expression.state)]
            _write(expression, wording, wording.answer_by, by, now)

    return transitions.decide_call(obj=call, by=by, now=now, apply=apply, then=then)


def call_up(*, obj: Expression, answer_by: date, reason: str, by: Any, now: datetime) -> Expression:
    """Offer a place to a reserve, and send the letter. A second time sends nothing.

    Errors: ``TransitionNotAllowed``, ``ReasonRequired``, ``PermissionDenied``.
    """

    def then(expression: Expression) -> None:
        wording = selectors.wording_of(expression.call, LetterKind.OFFERED)
        _write(expression, wording, answer_by, by, now)

    if answer_by <= timezone.localdate(now):
        raise TransitionNotAllowed(_("The last day to answer has to be in the future."))
    return transitions.call_up(obj=obj, by=by, now=now, reason=reason, then=then)


def _write(
    expression: Expression, wording: LetterTemplate, answer_by: date | None, by: Any, now: datetime
) -> None:
    """Write the letter, tell that it is out, and put it in the outbox of everybody there."""
    decision = getattr(expression, "decision", None)
    feedback = decision.feedback if decision else ""
    values = letters.values_of(expression, feedback=feedback, answer_by=answer_by)
    people = list(contact_people(expression.organisation))
    letter = Letter.objects.create(
        expression=expression,
        outcome=wording.outcome,
        subject=" ".join(letters.fill(wording.subject, values).split())[:250],
        body=letters.fill(wording.body, values),
        feedback=feedback,
        answer_by=answer_by,
        sent_to=len(people),
        by=by,
        at=now,
        is_example=expression.is_example,
    )
    if expression.told_at is None:
        expression.told_at = now
        expression.save(update_fields=["told_at", "updated_at"])
    _queue(letter, people, str(letter.pk), now)


def _queue(
    letter: Letter, people: list[Any], period: str, now: datetime, *, again: bool = False
) -> None:
    for person in people:
        queue(
            kind=notifications.LETTER,
            to=person,
            about=letter.expression,
            now=now,
            period=period,
            context={
                "letter": letter,
                "again": again,
                "path": reverse("expressions:letter", args=[letter.expression_id]),
            },
        )


def resend(
    *,
    obj: Letter,
    reason: str,
    answer_by: date | None,
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Resending:
    """Send a letter once more, as it was, and keep why; ``answer_by`` gives more time for an offer.

    The same ``once_key`` a second time sends nothing. Errors: ``PermissionDenied``;
    ``TransitionNotAllowed`` for a day that has passed.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(of=("self",))
            .select_related("expression__organisation")
            .get(pk=obj.pk)
        )
        if not by.has_perm("expressions.decide_expression", letter.expression):
            raise PermissionDenied
        if found := Resending.objects.filter(once_key=once_key, letter=letter).first():
            return found
        if answer_by and (not letter.is_offer_open or answer_by <= timezone.localdate(now)):
            raise TransitionNotAllowed(_("The last day to answer has to be in the future."))
        if answer_by and letter.answer_by and answer_by < letter.answer_by:
            raise TransitionNotAllowed(
                _("An offer can be given more time to answer, not less: its people count on it.")
            )
        people = list(contact_people(letter.expression.organisation))
        row = Resending.objects.create(
            letter=letter,
            once_key=once_key,
            reason=reason.strip(),
            answer_by=answer_by,
            sent_to=len(people),
            by=by,
            at=now,
            is_example=letter.is_example,
        )
        if answer_by:
            letter.answer_by = answer_by
            letter.save(update_fields=["answer_by", "updated_at"])
        _queue(letter, people, f"{letter.pk}.{row.pk}", now, again=True)
    return row
