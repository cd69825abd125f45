"""Who may do what with projects, as predicates, and the permission table of the room."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import (
    holds_in,
    is_networks_team,
    is_programme_team,
    is_staff_member,
    sees_programme,
)

from .enums import DeliveryModel
from .querysets import PROJECT_ROLES


def _project(obj: Any) -> Any:
    """The project itself, or the one that ``obj`` is a part of."""
    return getattr(obj, "project", obj)


@rules.predicate
def has_a_part_in_it(user: Any, project: Any) -> bool:
    """Coaches and facilitators of the project, and contacts of its host."""
    if project is None:
        return False
    return holds_in(user, PROJECT_ROLES, project) or (
        project.host_id is not None and holds_in(user, {RoleKind.PARTNER_CONTACT}, project.host)
    )


@rules.predicate
def runs_it(user: Any, obj: Any) -> bool:
    """The programme team; the networks team for networks; the lead, while on the staff."""
    project = _project(obj)
    if is_programme_team(user):
        return True
    if project is None:
        return False
    if is_networks_team(user) and project.model == DeliveryModel.NETWORK:
        return True
    return is_staff_member(user) and project.lead_id == user.pk


@rules.predicate
def may_read_update(user: Any, update: Any) -> bool:
    if sees_programme(user):
        return True
    return update is not None and update.is_for_everybody


@rules.predicate
def owns_it(user: Any, view: Any) -> bool:
    """Whether it is a view of the list that ``user`` keeps."""
    return view is not None and view.owner_id == user.pk


@rules.predicate
def speaks_for_the_asked(user: Any, ask: Any) -> bool:
    """Whether ``user`` speaks for the organisation that was asked for evidence."""
    return ask is not None and holds_in(user, {RoleKind.PARTNER_CONTACT}, ask.organisation)


rules.add_perm("projects.view_programme", sees_programme)
rules.add_perm("projects.change_view", sees_programme & owns_it)
rules.add_perm("projects.change_several", is_staff_member)
rules.add_perm("projects.view_project", sees_programme | has_a_part_in_it)
rules.add_perm("projects.add_project", is_programme_team)
rules.add_perm("projects.change_project", runs_it)
rules.add_perm("projects.change_status", runs_it)
rules.add_perm("projects.give_role", is_programme_team)
rules.add_perm("projects.publish_update", runs_it)
rules.add_perm("projects.view_update", may_read_update)
rules.add_perm("projects.add_contribution", is_programme_team)
rules.add_perm("projects.view_topics", sees_programme)
rules.add_perm("projects.suggest_topic", is_programme_team)
rules.add_perm("projects.change_topic", is_programme_team)
rules.add_perm("projects.assess_topic", is_programme_team)
rules.add_perm("projects.answer_gap", speaks_for_the_asked)
