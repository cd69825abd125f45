"""Who may use reports, and see a run."""

from typing import Any

import rules

from accounts.rules import is_signed_in, sees_programme

from .registry import report_kinds


@rules.predicate
def may_read_run(user: Any, run: Any) -> bool:
    """Their own run, or a colleague's of a kind that is not about one thing; each time with the
    permission that the kind itself asks for, as it holds today."""
    if run is None or run.kind not in report_kinds:
        return False
    kind = report_kinds.get(run.kind)
    shared = not kind.scoped and sees_programme(user)
    if not (run.requested_by_id == user.pk or shared):
        return False
    return bool(user.has_perm(kind.permission, run if kind.scoped else None))


rules.add_perm("reports.use_reports", sees_programme)
rules.add_perm("reports.view_run", is_signed_in & may_read_run)
