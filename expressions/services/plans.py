"""Writing plans of the mix, and working them out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.sweeps import Problems
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import planning
from ..enums import PlanState
from ..models import Call, Plan
from ..selectors import planning as selectors
from ..transitions.plans import PLANNING
from ..waking import wake_planner

# What a plan asks.
ASKED = ("name", "note", "places", "scores", "lines", "must", "must_not")
# With no more candidates than this, firmness is reckoned while the person waits.
FIRM_AT_ONCE = 150
# Seconds for each of the two reckonings of a plan: while somebody waits, and in a worker.
IN_REQUEST, BY_WORKER = 8.0, 120.0
# So many plans of one run keep within the worker's own time limit, and so long one is held at most.
A_RUN, HELD, LOOKED_AT = 2, 300, 50


def make_plan(
    *, call: Call, values: Mapping[str, Any], once_key: UUID, by: Any, now: datetime
) -> Plan:
    """A new plan, worked out; the same ``once_key`` a second time gives the first one's.

    Errors: ``TransitionNotAllowed`` where the call is not being planned.
    """
    with transaction.atomic():
        locked = _open(call)
        made, is_new = Plan.objects.get_or_create(
            once_key=once_key, defaults={"call": locked, "by": by, **values}
        )
        if is_new:
            audit.record(action=AuditAction.CREATED, obj=made, by=by, now=now, note=made.name)
    return work_out(obj=made, now=now) if is_new else made


def change_plan(*, obj: Plan, values: Mapping[str, Any], seen: str, by: Any, now: datetime) -> Plan:
    """Change what a plan asks, and work it out again. Saving what stands changes nothing.

    Errors: ``TransitionNotAllowed`` also for the proposal, which stays as it was chosen;
    ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        _open(obj.call)
        plan = Plan.objects.select_for_update().get(pk=obj.pk)
        if all(getattr(plan, name) == value for name, value in values.items()):
            return plan
        if plan.state == PlanState.PROPOSAL:
            raise TransitionNotAllowed(_("This is the proposal. Copy it, and change the copy."))
        if str(plan.version) != seen:
            raise ChangedMeanwhile(plan.version)
        before = audit.snapshot(plan, list(values))
        for name, value in values.items():
            setattr(plan, name, value)
        plan.version += 1
        plan.by, plan.result, plan.digest, plan.shares = by, {}, "", {}
        plan.worked_out_at = plan.firm_at = None
        plan.save()
        changes = audit.changed(before, audit.snapshot(plan, list(values)))
        audit.record(action=AuditAction.CHANGED, obj=plan, by=by, now=now, changes=changes)
    return work_out(obj=plan, now=now)


def copy_plan(*, obj: Plan, once_key: UUID, by: Any, now: datetime) -> Plan:
    """A copy to change. Errors as ``make_plan``."""
    values = {name: getattr(obj, name) for name in ASKED}
    values["name"] = _("Copy of %(name)s") % {"name": obj.name}
    values["name"] = values["name"][:100]
    return make_plan(call=obj.call, values=values, once_key=once_key, by=by, now=now)


def work_out(*, obj: Plan, now: datetime) -> Plan:
    """Work ``obj`` out from the scores of now, while somebody waits for the page.

    What takes longer than ``IN_REQUEST`` is left to a worker, and so is firmness in a large call.
    """
    found = _reckon(obj, now, IN_REQUEST)
    if found and obj.status == "best" and obj.result["candidates"] <= FIRM_AT_ONCE:
        _firm_up(obj, now, IN_REQUEST)
    if obj.firm_at is None:
        transaction.on_commit(wake_planner)
    return obj


def _reckon(plan: Plan, now: datetime, seconds: float, *, give_up: bool = False) -> bool:
    """Find the result of ``plan`` and keep it with what it hangs on; whether it was found.

    May be done twice at once and broken off at any moment: the result is written in one step,
    and only on an idea that still asks the same. With ``give_up`` that the time was too short is
    a result as well.
    """
    # Before the scores are read: what changes in between counts as not weighed.
    weighed = {str(one): mark for one, mark in selectors.marks(plan.call).items()}
    asked, candidates = selectors.asked_of(plan), selectors.candidates(plan.call, plan.scores)
    result = planning.work_out(asked, candidates, seconds) | {"weighed": weighed}
    if result["status"] == "unproved" and not give_up:
        return False
    Plan.objects.filter(pk=plan.pk, version=plan.version, state=PlanState.IDEA).update(
        result=result,
        digest=planning.digest_of(asked, candidates),
        worked_out_at=now,
        shares={},
        firm_at=None if result["status"] == "best" else now,
    )
    plan.refresh_from_db()
    return True


def _firm_up(plan: Plan, now: datetime, seconds: float) -> bool:
    """Reckon how firmly the places of ``plan`` stand; whether anything was kept.

    Of a plan whose scores changed meanwhile nothing is known until it is worked out again.
    """
    asked, candidates = selectors.asked_of(plan), selectors.candidates(plan.call, plan.scores)
    shares: dict[str, float] = {}
    if planning.digest_of(asked, candidates) == plan.digest:
        readings = selectors.readings_for(plan.call, plan.scores)
        shares = planning.firmness(asked, candidates, readings, seconds)
        if not shares and seconds < BY_WORKER:
            return False
    kept = Plan.objects.filter(
        pk=plan.pk, version=plan.version, digest=plan.digest, firm_at__isnull=True
    ).update(shares=shares, firm_at=now)
    plan.refresh_from_db()
    return bool(kept)


def work_out_again(*, obj: Plan, by: Any, now: datetime) -> Plan:
    """Work an idea out from the scores of now. Errors: ``TransitionNotAllowed``."""
    with transaction.atomic():
        _open(obj.call)
        plan = Plan.objects.select_for_update().get(pk=obj.pk)
        if plan.state == PlanState.PROPOSAL:
            raise TransitionNotAllowed(_("This is the proposal. Copy it, and change the copy."))
        audit.record(
            action=AuditAction.CHANGED, obj=plan, by=by, now=now, note=_("Worked out again")
        )
        # Without a result nobody can choose it meanwhile.
        Plan.objects.filter(pk=plan.pk).update(
            version=plan.version + 1,
            result={},
            digest="",
            shares={},
            worked_out_at=None,
            firm_at=None,
        )
        plan.refresh_from_db()
    return work_out(obj=plan, now=now)


def finish_plans(*, now: datetime) -> int:
    """Work out what was left to the worker or broken off; returns how many plans it finished.

    A worker that dies leaves the plan waiting for the next one. Each plan is held while it is
    reckoned, so that a second run takes another one.
    """
    waiting = Plan.objects.filter(firm_at__isnull=True).select_related("call").order_by("pk")
    done = tried = 0
    problems = Problems("plans")
    for plan in waiting[:LOOKED_AT]:
        held = f"expressions.plan:{plan.pk}:{plan.version}"
        if tried == A_RUN or not cache.add(held, 1, timeout=HELD):
            continue
        tried += 1
        # One that fails stays held for a while, so that those behind it have their turn.
        with problems.of("plan", plan.pk):
            done += _finish(plan, now)
            cache.delete(held)
    problems.raise_any()
    return done


def _finish(plan: Plan, now: datetime) -> bool:
    if plan.worked_out_at is None:
        _reckon(plan, now, BY_WORKER, give_up=True)
    if plan.worked_out_at and plan.firm_at is None:
        return _firm_up(plan, now, BY_WORKER)
    return plan.firm_at is not None


def name_candidates(
    *, obj: Plan, choices: Mapping[int, str], seen: str, by: Any, now: datetime
) -> Plan:
    """Say of each expression in ``choices`` that it "must", "must_not", or neither.

    Others stay as they are. Errors: ``change_plan``'s.
    """
    values: dict[str, Sequence[int]] = {}
    for name in ("must", "must_not"):
        kept = [one for one in getattr(obj, name) if one not in choices]
        values[name] = sorted([*kept, *(one for one, what in choices.items() if what == name)])
    return change_plan(obj=obj, values=values, seen=seen, by=by, now=now)


def _open(call: Call) -> Call:
    locked = Call.objects.select_for_update().get(pk=call.pk)
    if locked.state not in PLANNING:
        raise TransitionNotAllowed(
            _("Plans can be made and changed from the reading until the call is decided.")
        )
    return locked
