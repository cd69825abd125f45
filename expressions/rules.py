"""Who may do what with calls and expressions of interest."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import holds_in, is_programme_team, is_signed_in, sees_programme

from .models import Expression


@rules.predicate
def writes_for_its_organisation(user: Any, expression: Expression | None) -> bool:
    """Whether ``user`` speaks for the organisation whose expression it is."""
    return expression is not None and holds_in(
        user, {RoleKind.PARTNER_CONTACT}, expression.organisation
    )


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


rules.add_perm("expressions.start_expression", is_signed_in)
rules.add_perm("expressions.view_own_expressions", is_signed_in)
rules.add_perm("expressions.write_expression", writes_for_its_organisation)
rules.add_perm("expressions.submit_expression", writes_for_its_organisation)
rules.add_perm("expressions.withdraw_expression", writes_for_its_organisation)
rules.add_perm("expressions.view_expression", sees_programme | writes_for_its_organisation)
rules.add_perm(
    "expressions.read_answers", (sees_programme & has_arrived) | writes_for_its_organisation
)
rules.add_perm("expressions.view_expression_list", sees_programme)
rules.add_perm("expressions.export_expressions", sees_programme)
rules.add_perm("expressions.decide_eligibility", is_programme_team)
rules.add_perm("expressions.open_call", is_programme_team)
rules.add_perm("expressions.copy_expression", may_copy)
