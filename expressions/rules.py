"""Who may do what with calls and expressions of interest."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import (
    holds_in,
    is_programme_manager,
    is_programme_team,
    is_signed_in,
    sees_programme,
)

from .enums import HIDING, AssessmentState, ConflictState, ExpressionState
from .models import Conflict, Expression, SealOpening


@rules.predicate
def has_no_conflict_in_call(user: Any, call: Any) -> bool:
    """Whether nothing in ``call`` is hidden from ``user`` because of a conflict of interest."""
    if call is None:
        return False
    hiding = Conflict.objects.filter(
        expression__call=call, person_id=user.pk, state__in=HIDING
    ).exclude(expression__state__in=[ExpressionState.DRAFT, ExpressionState.WITHDRAWN])
    return not hiding.exists()


@rules.predicate
def may_have_record(user: Any, run: Any) -> bool:
    """Asked on a run of the decision record: whether ``user`` may read all that it is about."""
    from .record import call_of

    call = call_of(run) if run is not None else None
    return call is not None and bool(user.has_perm("expressions.read_decision_record", call))


@rules.predicate
def writes_for_its_organisation(user: Any, expression: Expression | None) -> bool:
    """Whether ``user`` speaks for the organisation whose expression it is."""
    return expression is not None and holds_in(
        user, {RoleKind.PARTNER_CONTACT}, expression.organisation
    )


@rules.predicate
def is_entered_by_staff(user: Any, expression: Expression | None) -> bool:
    """Whether it is typed in by staff: only for that they may write in it, and read its draft."""
    return expression is not None and expression.is_entered_by_staff


@rules.predicate
def reads_the_answers(user: Any, file: Any) -> bool:
    """Asked on a file of an answer: whether ``user`` may read the expression that it is in."""
    return file is not None and bool(user.has_perm("expressions.read_answers", file.expression))


@rules.predicate
def has_arrived(user: Any, expression: Expression | None) -> bool:
    """Whether it was sent in: staff read no draft."""
    return expression is not None and expression.submitted_at is not None


@rules.predicate
def may_copy(user: Any, run: Any) -> bool:
    """Asked on a run of the PDF copy: whether ``user`` may read what it is a copy of."""
    from .copies import expression_of

    expression = expression_of(run) if run is not None else None
    return expression is not None and bool(user.has_perm("expressions.read_answers", expression))


@rules.predicate
def has_no_conflict(user: Any, expression: Expression | None) -> bool:
    """Whether no suggested or declared conflict of interest hides it from ``user``."""
    if expression is None:
        return True
    return not expression.conflicts.filter(person_id=user.pk, state__in=HIDING).exists()


@rules.predicate
def is_unsealed(user: Any, expression: Expression | None) -> bool:
    """Whether its call lets it be read: a sealed one only when it takes nothing more.

    Or when a programme manager has opened the seal of this one, which is on record.
    """
    if expression is None:
        return False
    if not expression.call.is_sealed_now:
        return True
    return SealOpening.objects.filter(expression=expression).exists()


@rules.predicate
def is_to_score(user: Any, expression: Expression | None) -> bool:
    """Whether ``user`` is assessor of its call today and has it to score."""
    return (
        expression is not None
        and holds_in(user, {RoleKind.ASSESSOR}, expression.call)
        and expression.assessments.filter(assessor_id=user.pk)
        .exclude(state=AssessmentState.STOOD_DOWN)
        .exists()
    )


@rules.predicate
def has_declared(user: Any, expression: Expression | None) -> bool:
    """Whether ``user`` has said, or a programme manager for them, that there is no conflict."""
    return (
        expression is not None
        and expression.conflicts.filter(person_id=user.pk, state=ConflictState.CLEARED).exists()
    )


@rules.predicate
def scores_it_now(user: Any, assessment: Any) -> bool:
    """Asked on an assessment: whether it is the user's own, and still theirs to score."""
    return (
        assessment is not None
        and assessment.assessor_id == user.pk
        and bool(user.has_perm("expressions.score_expression", assessment.expression))
    )


rules.add_perm("expressions.start_expression", is_signed_in)
rules.add_perm("expressions.view_own_expressions", is_signed_in)
enters_it = is_programme_team & is_entered_by_staff & has_no_conflict
rules.add_perm("expressions.write_expression", writes_for_its_organisation | enters_it)
rules.add_perm("expressions.submit_expression", writes_for_its_organisation | enters_it)
rules.add_perm("expressions.withdraw_expression", writes_for_its_organisation | enters_it)
# What somebody may know of; ``ExpressionQuerySet.visible_to`` says the same for lists.
rules.add_perm(
    "expressions.view_expression",
    ((sees_programme | is_to_score) & has_no_conflict) | writes_for_its_organisation,
)
rules.add_perm(
    "expressions.read_answers",
    ((sees_programme | (is_to_score & has_declared)) & has_arrived & is_unsealed & has_no_conflict)
    | writes_for_its_organisation
    | enters_it,
)
rules.add_perm("expressions.open_file", reads_the_answers)
rules.add_perm("expressions.score_expression", is_to_score & has_declared & has_no_conflict)
rules.add_perm("expressions.finish_scoring", scores_it_now)
# Which calls somebody assesses is asked of the calls themselves.
rules.add_perm("expressions.use_assessor_pages", is_signed_in)
rules.add_perm("expressions.clear_declared_conflict", is_programme_manager)
rules.add_perm("expressions.view_expression_list", sees_programme)
rules.add_perm("expressions.export_expressions", sees_programme)
# Whether it fits cannot be told without reading it.
rules.add_perm("expressions.decide_eligibility", is_programme_team & is_unsealed & has_no_conflict)
rules.add_perm("expressions.open_call", is_programme_team)
rules.add_perm("expressions.build_call", is_programme_team)
rules.add_perm("expressions.break_seal", is_programme_manager & has_no_conflict)
rules.add_perm("expressions.enter_for_others", is_programme_team)
rules.add_perm("expressions.run_assessment", is_programme_team)
rules.add_perm("expressions.view_gaps", is_programme_team)
# From the sum of a plan and its order the score of one hidden expression could be worked out.
rules.add_perm("expressions.plan_mix", is_programme_team & has_no_conflict_in_call)
rules.add_perm("expressions.choose_plan", is_programme_manager & has_no_conflict_in_call)
rules.add_perm("expressions.decide_call", is_programme_manager)
rules.add_perm("expressions.decide_expression", is_programme_manager & has_no_conflict)
# A record tells of everybody: a conflict of interest in one part hides the whole.
rules.add_perm("expressions.read_decision_record", is_programme_team & has_no_conflict_in_call)
rules.add_perm("expressions.make_decision_record", may_have_record)
rules.add_perm("expressions.read_letter", writes_for_its_organisation)
rules.add_perm("expressions.answer_offer", writes_for_its_organisation)
rules.add_perm("expressions.copy_expression", may_copy)
