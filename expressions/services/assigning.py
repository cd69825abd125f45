"""Writes about who assesses a call, and who scores what."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import Role, User
from accounts.services import end_role, grant_role
from core import audit
from core.enums import AuditAction
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import transitions
from ..assigning import Plan
from ..enums import HIDING, AssessmentState, CallState, ExpressionState
from ..models import Assessment, Call, Conflict, Expression
from ..selectors import assigning as selectors
from .conflicts import suggest_conflicts

# While a call is in one of these, expressions are given to assessors.
ASSIGNING = frozenset({CallState.CLOSED, CallState.ASSESSING})
# By hand a further assessor may be given also what has been scored enough.
SCORABLE = frozenset(
    {ExpressionState.ELIGIBLE, ExpressionState.ASSESSED, ExpressionState.LONGLISTED}
)


def add_assessor(*, call: Call, person: User, ends_on: date | None, by: Any, now: datetime) -> Role:
    """Make ``person`` an assessor of ``call`` until ``ends_on``, and look for their conflicts.

    Of one who is assessor already the last day changes.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        role = _role_of(call, person, now)
        if role is None:
            role = grant_role(
                person=person, kind=RoleKind.ASSESSOR, scope=call, by=by, now=now, ends_on=ends_on
            )
        elif role.ends_on != ends_on:
            before = audit.snapshot(role, ["ends_on"])
            role.ends_on = ends_on
            role.save(update_fields=["ends_on", "updated_at"])
            changes = audit.changed(before, audit.snapshot(role, ["ends_on"]))
            audit.record(action=AuditAction.CHANGED, obj=role, by=by, now=now, changes=changes)
        suggest_conflicts(call=call, people=[person], by=by, now=now)
    return role


def _role_of(call: Call, person: User, now: datetime) -> Role | None:
    kind = ContentType.objects.get_for_model(Call)
    held = Role.objects.active_on(timezone.localdate(now)).filter(
        person=person, kind=RoleKind.ASSESSOR, scope_type=kind, scope_id=call.pk
    )
    return held.order_by("pk").first()


def remove_assessor(*, call: Call, person: User, by: Any, now: datetime) -> int:
    """End the role, and free what they had still to score; returns how many that were.

    What they finished stays and counts.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        while role := _role_of(call, person, now):
            end_role(role=role, by=by, now=now)
        still = Assessment.objects.filter(
            expression__call=call, assessor=person, state=AssessmentState.ASSIGNED
        )
        for assessment in (freed := list(still)):
            reason = _("The assessor was taken off the call.")
            transitions.stand_down(obj=assessment, by=by, now=now, reason=reason)
    return len(freed)


def assign_balanced(*, call: Call, seen: str, by: Any, now: datetime) -> Plan:
    """Give each eligible expression as many assessors as the call wants, evenly.

    ``seen`` is the mark of the plan that was shown (``selectors.assigning.plan_mark``). Two people
    who press at once take turns: the second one's plan is another by then.
    Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        locked = _lock(call)
        suggest_conflicts(call=locked, people=selectors.assessors(locked, now), by=by, now=now)
        plan = selectors.plan(locked, now)
        mark = selectors.plan_mark(plan)
        if plan.pairs and mark != seen:
            raise ChangedMeanwhile(
                mark,
                _("What is to be assigned has changed since you opened this page. Look again."),
            )
        _assign(locked, plan.pairs, by, now)
    return plan


def assign_chosen(
    *, call: Call, person: User, expressions: Collection[int], by: Any, now: datetime
) -> tuple[list[Expression], list[tuple[Expression, str]]]:
    """Give ``person`` these expressions; returns those given, and those not, with the reason.

    What they have already is given and changes nothing. Errors: ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        locked = _lock(call)
        if not selectors.assessors(locked, now).filter(pk=person.pk).exists():
            raise TransitionNotAllowed(_("They are not an assessor of this call today."))
        suggest_conflicts(call=locked, people=[person], by=by, now=now)
        hidden = set(
            Conflict.objects.filter(
                expression__call=locked, person=person, state__in=HIDING
            ).values_list("expression_id", flat=True)
        )
        given, refused = [], []
        rows = Expression.objects.filter(call=locked, pk__in=expressions)
        for one in rows.select_related("organisation").order_by("pk"):
            if one.pk in hidden:
                refused.append((one, _("a conflict of interest")))
            elif one.state not in SCORABLE:
                refused.append((one, _("it cannot be scored now")))
            else:
                given.append(one)
        _assign(locked, [(one.pk, person.pk) for one in given], by, now)
    return given, refused


def _lock(call: Call) -> Call:
    locked = Call.objects.select_for_update().get(pk=call.pk)
    if locked.state not in ASSIGNING:
        raise TransitionNotAllowed(
            _("Expressions can be assigned once the call has closed, and until it is decided.")
        )
    return locked


def _assign(call: Call, pairs: Sequence[tuple[int, int]], by: Any, now: datetime) -> None:
    known = {
        (row.expression_id, row.assessor_id): row
        for row in Assessment.objects.filter(expression__call=call)
    }
    new = [pair for pair in pairs if pair not in known]
    Assessment.objects.bulk_create(
        Assessment(expression_id=expression, assessor_id=assessor, assigned_at=now)
        for expression, assessor in new
    )
    again = [known[pair] for pair in pairs if pair in known]
    back = [one for one in again if one.state == AssessmentState.STOOD_DOWN]
    for assessment in back:
        transitions.assign_again(obj=assessment, by=by, now=now)
    if new or back:
        note = _("%(count)s assessments assigned") % {"count": len(new) + len(back)}
        audit.record(action=AuditAction.CHANGED, obj=call, by=by, now=now, note=note)
