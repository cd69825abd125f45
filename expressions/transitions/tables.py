"""The states of a call and of an expression: which steps lead from where to where.

A call: draft → open → closed → assessing → deciding → decided → archived.
An expression: draft → submitted → eligible | ineligible; eligible → assessed → longlisted →
offered | reserve | declined; offered → accepted | turned down; accepted → project. A reserve can
be called up to an offer. Withdrawn from any before the letter about it went out.
"""

from django.utils.translation import gettext_lazy

from core.transitions import Step, state_table

from ..enums import CHECKED_STATES, CallState, ExpressionState

CALL_STEPS = state_table(
    Step(
        name="open",
        sources=frozenset({CallState.DRAFT}),
        target=CallState.OPEN,
        label=gettext_lazy("Open the call"),
        permission="expressions.open_call",
    ),
    Step(
        name="close",
        sources=frozenset({CallState.OPEN}),
        target=CallState.CLOSED,
        label=gettext_lazy("Close the call"),
        permission=None,
        repeatable=True,
    ),
    Step(
        name="start_assessing",
        sources=frozenset({CallState.CLOSED}),
        target=CallState.ASSESSING,
        label=gettext_lazy("Begin the assessment"),
        permission="expressions.run_assessment",
        repeatable=True,
    ),
    Step(
        name="start_deciding",
        sources=frozenset({CallState.ASSESSING}),
        target=CallState.DECIDING,
        label=gettext_lazy("Begin to decide"),
        permission="expressions.run_assessment",
        repeatable=True,
    ),
    Step(
        name="decide",
        sources=frozenset({CallState.DECIDING}),
        target=CallState.DECIDED,
        label=gettext_lazy("Release the decisions"),
        permission="expressions.decide_call",
        repeatable=True,
    ),
    Step(
        name="archive",
        sources=frozenset({CallState.DECIDED}),
        target=CallState.ARCHIVED,
        label=gettext_lazy("Put the call away"),
        permission="expressions.decide_call",
        repeatable=True,
    ),
)

# What the choice of places is made among, and what it can lead to.
CHOSEN_AMONG = frozenset({ExpressionState.ASSESSED, ExpressionState.LONGLISTED})
PROPOSED = frozenset({ExpressionState.OFFERED, ExpressionState.RESERVE, ExpressionState.DECLINED})

STEPS = state_table(
    Step(
        name="submit",
        sources=frozenset({ExpressionState.DRAFT}),
        target=ExpressionState.SUBMITTED,
        label=gettext_lazy("Send in"),
        permission="expressions.submit_expression",
        repeatable=True,
    ),
    Step(
        name="mark_eligible",
        sources=frozenset({ExpressionState.SUBMITTED, ExpressionState.INELIGIBLE}),
        target=ExpressionState.ELIGIBLE,
        label=gettext_lazy("Mark as eligible"),
        permission="expressions.decide_eligibility",
        repeatable=True,
    ),
    Step(
        name="mark_ineligible",
        sources=frozenset({ExpressionState.SUBMITTED, ExpressionState.ELIGIBLE}),
        target=ExpressionState.INELIGIBLE,
        label=gettext_lazy("Mark as not eligible"),
        permission="expressions.decide_eligibility",
        needs_reason=True,
        repeatable=True,
    ),
    # Taken by the portal when the answers change after the check, and by staff who slipped.
    Step(
        name="check_again",
        sources=CHECKED_STATES,
        target=ExpressionState.SUBMITTED,
        label=gettext_lazy("Check again"),
        permission=None,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="withdraw",
        sources=frozenset(
            {
                ExpressionState.DRAFT,
                ExpressionState.SUBMITTED,
                ExpressionState.ELIGIBLE,
            }
        )
        # A decision is held: until its letter goes out nothing may be closed because of it.
        | CHOSEN_AMONG
        | PROPOSED
        | {ExpressionState.INELIGIBLE},
        target=ExpressionState.WITHDRAWN,
        label=gettext_lazy("Withdraw"),
        permission="expressions.withdraw_expression",
        repeatable=True,
    ),
    # Taken by the portal when the last score that a call wants is in, or by staff who go on
    # with fewer.
    Step(
        name="finish_assessment",
        sources=frozenset({ExpressionState.ELIGIBLE}),
        target=ExpressionState.ASSESSED,
        label=gettext_lazy("Finish the assessment"),
        permission=None,
        repeatable=True,
    ),
    Step(
        name="longlist",
        sources=frozenset({ExpressionState.ASSESSED}),
        target=ExpressionState.LONGLISTED,
        label=gettext_lazy("Put on the long list"),
        permission="expressions.run_assessment",
        repeatable=True,
    ),
    Step(
        name="offer",
        sources=CHOSEN_AMONG | PROPOSED - {ExpressionState.OFFERED},
        target=ExpressionState.OFFERED,
        label=gettext_lazy("Offer a place"),
        permission="expressions.decide_expression",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="keep_in_reserve",
        sources=CHOSEN_AMONG | PROPOSED - {ExpressionState.RESERVE},
        target=ExpressionState.RESERVE,
        label=gettext_lazy("Keep in reserve"),
        permission="expressions.decide_expression",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="decline",
        sources=CHOSEN_AMONG | PROPOSED - {ExpressionState.DECLINED},
        target=ExpressionState.DECLINED,
        label=gettext_lazy("Decline"),
        permission="expressions.decide_expression",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="accept",
        sources=frozenset({ExpressionState.OFFERED}),
        target=ExpressionState.ACCEPTED,
        label=gettext_lazy("Accept the offer"),
        permission="expressions.answer_offer",
        repeatable=True,
    ),
    Step(
        name="turn_down",
        sources=frozenset({ExpressionState.OFFERED}),
        target=ExpressionState.TURNED_DOWN,
        label=gettext_lazy("Turn the offer down"),
        permission="expressions.answer_offer",
        repeatable=True,
    ),
    # After it was turned down by mistake, or not answered by its day.
    Step(
        name="offer_again",
        sources=frozenset({ExpressionState.OFFERED, ExpressionState.TURNED_DOWN}),
        target=ExpressionState.OFFERED,
        label=gettext_lazy("Give the offer again"),
        permission="expressions.decide_expression",
        needs_reason=True,
    ),
    # Told by telephone, or the day has passed and the place is to go to somebody else.
    Step(
        name="let_go",
        sources=frozenset({ExpressionState.OFFERED}),
        target=ExpressionState.TURNED_DOWN,
        label=gettext_lazy("Let the place go"),
        permission="expressions.decide_expression",
        needs_reason=True,
        repeatable=True,
    ),
    # Told by telephone, by mail or otherwise, also after the day.
    Step(
        name="record_acceptance",
        sources=frozenset({ExpressionState.OFFERED, ExpressionState.TURNED_DOWN}),
        target=ExpressionState.ACCEPTED,
        label=gettext_lazy("Keep that the offer is accepted"),
        permission="expressions.decide_expression",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="make_project",
        sources=frozenset({ExpressionState.ACCEPTED}),
        target=ExpressionState.PROJECT,
        label=gettext_lazy("Make it a project"),
        permission="expressions.decide_expression",
        repeatable=True,
    ),
)
