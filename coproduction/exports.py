"""Tables of the room as CSV."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Proposal
from .selectors import Matrix


def matrix_table(matrix: Matrix) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of the agreement matrix."""
    names = [member.name for member in matrix.members]
    header = [_("Number"), _("Part"), _("Clause"), *names, _("Agree"), _("Members")]
    rows = (
        [
            row.number,
            str(row.wording.get_kind_display()),
            row.wording.heading,
            *(cell.words for cell in row.cells),
            row.agreed,
            len(names),
        ]
        for row in matrix.rows
    )
    return header, rows


def proposals_table(proposals: Iterable[Proposal]) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of the list of proposals."""
    header = [_("Proposal"), _("From"), _("Opened"), _("Positions by"), _("State"), _("Fate")]
    rows = (
        [
            proposal.title,
            proposal.proposed_by.name if proposal.proposed_by else "",
            timezone.localdate(proposal.opened_at).isoformat(),
            proposal.closes_on.isoformat(),
            str(proposal.get_state_display()),
            proposal.fate,
        ]
        for proposal in proposals
    )
    return header, rows
