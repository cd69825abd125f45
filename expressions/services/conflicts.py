"""Writes about conflicts of interest."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import Role, User
from accounts.rules import scope_ids
from core import audit
from core.enums import AuditAction

from .. import transitions
from ..enums import AssessmentState, CallState, ConflictState
from ..models import Assessment, Call, Conflict, Expression
from ..selectors.conflicts import suspected, undeclared

LONGEST = 300


def suggest_conflicts(*, call: Call, people: Iterable[User], by: Any, now: datetime) -> int:
    """Write down what the portal suspects of ``people``; returns how many were new.

    What was declared or cleared already stays as it is. Whatever they have to score of it they
    score no more.
    """
    found = suspected(call, people)
    with transaction.atomic():
        known = set(
            Conflict.objects.filter(
                expression__call=call, person__in={person for _expression, person in found}
            ).values_list("expression_id", "person_id")
        )
        new = [pair for pair in found if pair not in known]
        Conflict.objects.bulk_create(
            [
                Conflict(
                    expression_id=expression,
                    person_id=person,
                    state=ConflictState.SUGGESTED,
                    reason=found[expression, person][:LONGEST],
                )
                for expression, person in new
            ],
            ignore_conflicts=True,
        )
        for expression, person in new:
            _stand_down(expression, person, now)
        if new:
            note = _("%(count)s possible conflicts of interest found") % {"count": len(new)}
            audit.record(action=AuditAction.CHANGED, obj=call, by=by, now=now, note=note)
    return len(new)


def declare_conflicts(
    *, call: Call, person: Any, shown: Iterable[int], conflicts: Mapping[int, str], now: datetime
) -> int:
    """Keep what ``person`` said about the expressions ``shown``: a conflict with those in
    ``conflicts`` (by expression id, in their words), none with the others.

    Only what nothing was known about is decided, so that a second click changes nothing.
    Returns how many were decided.
    """
    suggest_conflicts(call=call, people=[person], by=person, now=now)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        pending = list(
            undeclared(call, person).filter(pk__in=list(shown)).values_list("pk", flat=True)
        )
        clear = [pk for pk in pending if pk not in conflicts]
        Conflict.objects.bulk_create(
            [
                Conflict(
                    expression_id=pk,
                    person_id=person.pk,
                    state=ConflictState.CLEARED,
                    decided_at=now,
                )
                for pk in clear
            ]
        )
        for pk in pending:
            if pk in conflicts:
                _declare(pk, person, conflicts[pk], person, now)
        if clear:
            note = _("No conflict of interest with %(count)s organisations") % {"count": len(clear)}
            audit.record(action=AuditAction.CHANGED, obj=call, by=person, now=now, note=note)
    return len(pending)


def declare_conflict(
    *, obj: Expression, person: Any, reason: str, by: Any, now: datetime
) -> Conflict:
    """Say that ``person`` has a conflict with ``obj``: it is hidden from them from now on, and
    what they had to score of it, or have scored, counts no more. Saying it twice changes nothing.
    """
    with transaction.atomic():
        Expression.objects.select_for_update().get(pk=obj.pk)
        standing = Conflict.objects.filter(expression=obj, person_id=person.pk).first()
        if standing and standing.state == ConflictState.DECLARED:
            return standing
        return _declare(obj.pk, person, reason, by, now)


def _declare(expression: int, person: Any, reason: str, by: Any, now: datetime) -> Conflict:
    conflict, made = Conflict.objects.update_or_create(
        expression_id=expression,
        person_id=person.pk,
        defaults={
            "state": ConflictState.DECLARED,
            "reason": reason.strip()[:LONGEST],
            "decided_at": now,
        },
    )
    action = AuditAction.CREATED if made else AuditAction.CHANGED
    audit.record(action=action, obj=conflict, by=by, now=now)
    _stand_down(expression, person.pk, now)
    return conflict


def _stand_down(expression: int, person: int, now: datetime) -> None:
    found = Assessment.objects.filter(expression_id=expression, assessor_id=person)
    for assessment in found.exclude(state=AssessmentState.STOOD_DOWN):
        reason = _("A conflict of interest")
        transitions.stand_down(obj=assessment, by=None, now=now, reason=reason)


def clear_conflict(*, obj: Conflict, reason: str, by: Any, now: datetime) -> Conflict:
    """Say, with a reason, that there is no conflict after all: the expression can be seen again.

    What was stood down stays so until it is assigned again. A view asks whether ``by`` may.
    """
    with transaction.atomic():
        locked = Conflict.objects.select_for_update().get(pk=obj.pk)
        if locked.state == ConflictState.CLEARED:
            return locked
        before = audit.snapshot(locked, ["state", "reason"])
        Conflict.objects.update_or_create(
            pk=locked.pk,
            defaults={
                "state": ConflictState.CLEARED,
                "reason": reason.strip()[:LONGEST],
                "decided_at": now,
            },
        )
        locked.refresh_from_db()
        changes = audit.changed(before, audit.snapshot(locked, ["state", "reason"]))
        audit.record(action=AuditAction.CHANGED, obj=locked, by=by, now=now, changes=changes)
    return locked


def follow_contact(role: Role, by: Any, now: datetime) -> None:
    """Suspect a conflict of an assessor who comes to speak for an organisation of their call.

    What they cleared before they spoke for it is open again. Whoever decides is told by the
    register of conflicts, as of any other that the portal suspects.
    """
    if role.kind != RoleKind.PARTNER_CONTACT:
        return
    reading = [CallState.ASSESSING, CallState.DECIDING]
    theirs = Assessment.objects.filter(assessor=role.person_id).values("expression__call")
    assessed = scope_ids(role.person, {RoleKind.ASSESSOR}, Call)
    calls = Call.objects.filter(models.Q(pk__in=assessed) | models.Q(pk__in=theirs))
    for call in calls.filter(state__in=reading, expressions__organisation=role.scope_id).distinct():
        cleared = Conflict.objects.filter(
            person=role.person_id,
            state=ConflictState.CLEARED,
            expression__call=call,
            expression__organisation=role.scope_id,
        )
        for conflict in cleared.select_for_update():
            conflict.delete()
            audit.record(
                action=AuditAction.CHANGED,
                obj=call,
                by=by,
                now=now,
                note=_("A conflict of interest that was cleared is open again"),
            )
        suggest_conflicts(call=call, people=[role.person], by=by, now=now)
