"""Who may do what with organisations."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import (
    holds_in,
    is_programme_team,
    is_signed_in,
    is_staff_member,
    scope_ids,
    sees_programme,
)

from .models import JoinRequest, Organisation, OrganisationImport


@rules.predicate
def is_contact_of(user: Any, organisation: Organisation | None) -> bool:
    """Whether ``user`` speaks for ``organisation`` today."""
    return holds_in(user, {RoleKind.PARTNER_CONTACT}, organisation)


@rules.predicate
def is_partner_contact(user: Any) -> bool:
    """Whether ``user`` speaks for any organisation today."""
    return bool(scope_ids(user, {RoleKind.PARTNER_CONTACT}, Organisation))


@rules.predicate
def is_contact_of_wanted(user: Any, request: JoinRequest | None) -> bool:
    return request is not None and is_contact_of(user, request.organisation)


@rules.predicate
def is_the_one_who_asks(user: Any, request: JoinRequest | None) -> bool:
    return request is not None and request.person_id == user.pk


rules.add_perm("partners.use_own_organisations", is_signed_in)
rules.add_perm("partners.add_organisation", is_signed_in)
rules.add_perm("partners.ask_to_join", is_signed_in)
rules.add_perm("partners.view_register", sees_programme)
rules.add_perm("partners.export_register", sees_programme)
rules.add_perm("partners.view_organisation", sees_programme | is_contact_of)
rules.add_perm("partners.change_organisation", is_programme_team | is_contact_of)
rules.add_perm(
    "partners.view_join_request", is_programme_team | is_contact_of_wanted | is_the_one_who_asks
)
rules.add_perm("partners.decide_join", is_programme_team | is_contact_of_wanted)


@rules.predicate
def is_own_import(user: Any, upload: OrganisationImport | None) -> bool:
    return upload is not None and upload.uploaded_by_id == user.pk


rules.add_perm("partners.view_history", sees_programme)
rules.add_perm("partners.view_outreach", sees_programme)
rules.add_perm("partners.log_outreach", is_staff_member)
rules.add_perm("partners.merge_organisations", is_programme_team)
rules.add_perm("partners.import_organisations", is_programme_team)
rules.add_perm("partners.use_import", is_programme_team & is_own_import)
rules.add_perm("partners.export_table", sees_programme)
