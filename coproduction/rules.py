"""Who may do what with a charter.

Members take part in their own group. The engagement lead is the facilitator of every group.
Staff and the Leadership Team read, but see neither drafts nor private reasons.
"""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import holds_in, is_engagement_lead, role_kinds, sees_programme

from .enums import ProposalState
from .models import Charter
from .querysets import MEMBERS


def charter_of(obj: Any) -> Charter:
    """The charter that ``obj`` is, or belongs to."""
    return obj if isinstance(obj, Charter) else obj.charter


@rules.predicate
def reads_charters(user: Any, obj: Any) -> bool:
    """Asked of no object: whether there may be a charter at all for this person."""
    if sees_programme(user):
        return True
    if obj is None:
        return RoleKind.ADVISORY_MEMBER in role_kinds(user)
    return bool(holds_in(user, MEMBERS, charter_of(obj).group))


@rules.predicate
def is_member(user: Any, obj: Any) -> bool:
    return obj is not None and holds_in(user, MEMBERS, charter_of(obj).group)


@rules.predicate
def is_proposer(user: Any, proposal: Any) -> bool:
    author = getattr(proposal, "proposed_by", None)
    return author is not None and author.person_id == user.pk


@rules.predicate
def is_author(user: Any, draft: Any) -> bool:
    return draft is not None and draft.author.person_id == user.pk


@rules.predicate
def is_shared(user: Any, draft: Any) -> bool:
    return bool(draft is not None and draft.is_shared)


@rules.predicate
def is_open(user: Any, proposal: Any) -> bool:
    return getattr(proposal, "state", None) == ProposalState.OPEN


rules.add_perm("coproduction.view_charter", reads_charters)
rules.add_perm("coproduction.take_part", is_member)
rules.add_perm("coproduction.comment", is_member | is_engagement_lead)
rules.add_perm("coproduction.withdraw_proposal", is_member & is_proposer)
rules.add_perm("coproduction.decide_proposal", is_engagement_lead)
rules.add_perm("coproduction.change_rule", is_engagement_lead)
rules.add_perm("coproduction.read_private_reasons", is_engagement_lead)
rules.add_perm("coproduction.write_draft", is_member & (is_author | is_shared))
rules.add_perm("coproduction.own_draft", is_member & is_author)
