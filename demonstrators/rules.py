"""Who may do what with Demonstrators, as predicates, and the permission table of the room."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import holds_in, is_programme_team, role_kinds, sees_programme
from projects.models import Project

COACHES = {RoleKind.IMPROVEMENT_COACH, RoleKind.FACILITATOR}


def project_of(obj: Any) -> Project | None:
    """The project that a Demonstrator, a site, a post or the project itself belongs to."""
    if obj is None or isinstance(obj, Project):
        return obj
    return getattr(obj, "demonstrator", obj).project


@rules.predicate
def coaches_it(user: Any, obj: Any) -> bool:
    return holds_in(user, COACHES, project_of(obj))


@rules.predicate
def hosts_it(user: Any, obj: Any) -> bool:
    project = project_of(obj)
    return (
        project is not None
        and project.host_id is not None
        and holds_in(user, {RoleKind.PARTNER_CONTACT}, project.host)
    )


@rules.predicate
def may_have_some(user: Any) -> bool:
    """Coaches and partner contacts; which ones they see is decided one by one."""
    return bool(role_kinds(user) & {*COACHES, RoleKind.PARTNER_CONTACT})


@rules.predicate
def coaches_some(user: Any) -> bool:
    return bool(role_kinds(user) & COACHES)


works_on_it = is_programme_team | coaches_it

rules.add_perm("demonstrators.list_demonstrators", sees_programme | may_have_some)
rules.add_perm("demonstrators.find_in_menu", sees_programme | coaches_some)
rules.add_perm("demonstrators.view_demonstrator", sees_programme | coaches_it | hosts_it)
rules.add_perm("demonstrators.record_change", works_on_it)
rules.add_perm("demonstrators.change_sites", works_on_it)
rules.add_perm("demonstrators.change_plan", works_on_it)
rules.add_perm("demonstrators.change_demonstrator", is_programme_team)
rules.add_perm("demonstrators.change_posts", is_programme_team)
