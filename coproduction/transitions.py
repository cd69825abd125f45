"""How a proposal is closed: adopted, adopted with changes, withdrawn or set aside."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Step, TransitionNotAllowed, state_table, transition
from notifications.services import queue

from . import selectors, services
from .enums import ProposalKind, ProposalState
from .models import Proposal
from .notifications import PROPOSAL_DECIDED

DECIDE = "coproduction.decide_proposal"
FROM_OPEN = frozenset({ProposalState.OPEN})

PROPOSAL_STEPS = state_table(
    Step(
        "adopt",
        FROM_OPEN,
        ProposalState.ADOPTED,
        _("Adopt"),
        DECIDE,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        "adopt_changed",
        FROM_OPEN,
        ProposalState.ADOPTED_CHANGED,
        _("Adopt with changes"),
        DECIDE,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        "set_aside",
        FROM_OPEN,
        ProposalState.SET_ASIDE,
        _("Set aside"),
        DECIDE,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        "withdraw",
        FROM_OPEN,
        ProposalState.WITHDRAWN,
        _("Withdraw"),
        "coproduction.withdraw_proposal",
        needs_reason=True,
        repeatable=True,
    ),
)


class RuleNotMet(TransitionNotAllowed):
    """The group's rule does not let this be adopted now. ``str()`` says why."""


def adopt(*, obj: Proposal, seen: int, by: Any, now: datetime, reason: str) -> Proposal:
    """Adopt the proposal as it is: the charter gets a new version.

    ``seen`` is the number of the version that the facilitator had before them, ``reason`` the
    fate in words. Errors: ``RuleNotMet``; ``services.OutOfDate`` when the charter moved on, or
    when the clause's words are no longer those that the proposal replaces.
    """

    def apply(locked: Proposal) -> None:
        _hold_to_rule(locked, now, changed=False)
        if selectors.is_based_on_older_words(locked):
            raise services.OutOfDate(
                _("The clause has changed since this was proposed. Adopt it with joined words.")
            )
        words = None
        if locked.has_words:
            words = services.Words(locked.new_kind, locked.new_heading, locked.new_text)
        _close(locked, now, reason)
        locked.made_version = _publish(locked, words, seen, by, now)

    return _take("adopt", obj=obj, by=by, now=now, reason=reason, apply=apply)


def adopt_changed(  # noqa: PLR0913 - keyword-only, as core.transitions itself
    *, obj: Proposal, words: services.Words, seen: int, by: Any, now: datetime, reason: str
) -> Proposal:
    """Adopt the proposal with other words than its own, as when an objection was met.

    Errors: as for ``adopt``; objections do not stop it, a missing quorum or open time does.
    """

    def apply(locked: Proposal) -> None:
        if not locked.has_words or selectors.clause_is_gone(locked):
            raise TransitionNotAllowed(_("There are no words to change in this proposal."))
        _hold_to_rule(locked, now, changed=True)
        _close(locked, now, reason)
        locked.made_version = _publish(locked, words, seen, by, now)

    return _take("adopt_changed", obj=obj, by=by, now=now, reason=reason, apply=apply)


def set_aside(*, obj: Proposal, by: Any, now: datetime, reason: str) -> Proposal:
    """Close the proposal without a change; the charter stays as it is."""
    return _take(
        "set_aside",
        obj=obj,
        by=by,
        now=now,
        reason=reason,
        apply=lambda locked: _close(locked, now, reason),
    )


def withdraw(*, obj: Proposal, by: Any, now: datetime, reason: str) -> Proposal:
    """Take back one's own proposal."""
    return _take(
        "withdraw",
        obj=obj,
        by=by,
        now=now,
        reason=reason,
        apply=lambda locked: _close(locked, now, reason),
    )


def _take(step: str, *, now: datetime, **how: Any) -> Proposal:
    return transition(
        step=PROPOSAL_STEPS[step], now=now, then=lambda locked: _tell_members(locked, now), **how
    )


def _hold_to_rule(proposal: Proposal, now: datetime, *, changed: bool) -> None:
    check = selectors.check_rule(proposal, now)
    problems = check.problems_with_changes if changed else check.problems
    if problems:
        raise RuleNotMet(" ".join(str(problem) for problem in problems))


def _close(proposal: Proposal, now: datetime, reason: str) -> None:
    proposal.decided_at = now
    proposal.fate = reason.strip()


def _publish(
    proposal: Proposal, words: services.Words | None, seen: int, by: Any, now: datetime
) -> Any:
    if proposal.kind != ProposalKind.ADD and selectors.clause_is_gone(proposal):
        raise services.OutOfDate(_("This clause is no longer in the charter."))
    return services.publish_version(
        charter=proposal.charter,
        proposal=proposal,
        words=words,
        seen=seen,
        by=by,
        now=now,
        note=proposal.title,
    )


def _tell_members(proposal: Proposal, now: datetime) -> None:
    for member in services.present_members(proposal.charter):
        if member.person:
            queue(
                kind=PROPOSAL_DECIDED,
                to=member.person,
                about=proposal,
                now=now,
                context={"path": proposal.get_absolute_url()},
            )
