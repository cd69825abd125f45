"""The steps of a plan of the mix: an idea becomes the proposal, and an idea again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.transitions import Step, TransitionNotAllowed, state_table, transition

from ..enums import CallState, PlanState
from ..models import Call, Plan
from ..selectors.planning import is_stale

PLANNING = frozenset({CallState.ASSESSING, CallState.DECIDING})

PLAN_STEPS = state_table(
    Step(
        name="choose",
        sources=frozenset({PlanState.IDEA}),
        target=PlanState.PROPOSAL,
        label=gettext_lazy("Choose as the proposal"),
        permission="expressions.decide_call",
        needs_reason=True,
        repeatable=True,
    ),
    # Taken by the portal when another plan is chosen.
    Step(
        name="set_aside",
        sources=frozenset({PlanState.PROPOSAL}),
        target=PlanState.IDEA,
        label=gettext_lazy("Set aside for another plan"),
        permission=None,
    ),
)


def choose_plan(*, obj: Plan, by: Any, now: datetime, reason: str, seen: int) -> Plan:
    """Make ``obj`` the proposal of its call, with a reason; the one before it is set aside.

    ``seen``: the version that the person read. Errors: ``TransitionNotAllowed`` where the call is
    not being planned, where the plan was changed meanwhile, its scores were, or it found no answer;
    ``ReasonRequired``; ``PermissionDenied``.
    """

    def apply(plan: Plan) -> None:
        if plan.version != seen:
            raise TransitionNotAllowed(_("Somebody changed this plan meanwhile. Read it again."))
        if plan.status != "best":
            raise TransitionNotAllowed(_("This plan gives nobody a place, so it cannot be chosen."))
        if is_stale(plan):
            raise TransitionNotAllowed(
                _(
                    "Scores or expressions have changed since this plan was worked out. Work it "
                    "out again and read it before you choose it."
                )
            )
        before = Plan.objects.filter(call=plan.call_id, state=PlanState.PROPOSAL).first()
        if before is not None:
            transition(obj=before, step=PLAN_STEPS["set_aside"], by=by, now=now)

    with transaction.atomic():
        # Of two who choose at once, the second waits here.
        call = Call.objects.select_for_update().get(pk=obj.call_id)
        if call.state not in PLANNING:
            raise TransitionNotAllowed(_("Plans can be chosen until the call is decided."))
        return transition(
            obj=obj, step=PLAN_STEPS["choose"], by=by, now=now, reason=reason, apply=apply
        )
