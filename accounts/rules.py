"""Who is what. The predicates that every room builds its own permissions from.

Django answers yes to a superuser before any rule is asked: that is the one place.
"""

from typing import Any

import rules
from django.contrib.contenttypes.models import ContentType
from django.db import models

from .enums import STAFF_KINDS, RoleKind


def role_kinds(user: Any) -> set[str]:
    """The kinds of role that ``user`` holds today; empty for an anonymous visitor."""
    return {role.kind for role in getattr(user, "current_roles", [])}


@rules.predicate
def sees_programme(user: Any) -> bool:
    """Whether ``user`` may read the whole programme: staff, Leadership Team, superuser."""
    if getattr(user, "is_superuser", False):
        return True
    return bool(role_kinds(user) & (STAFF_KINDS | {RoleKind.LEADERSHIP}))


def scope_ids(user: Any, kinds: set[RoleKind], model: type[models.Model]) -> set[int]:
    """The ids of the ``model`` objects in which ``user`` holds one of ``kinds`` today."""
    wanted = ContentType.objects.get_for_model(model).id
    return {
        role.scope_id
        for role in getattr(user, "current_roles", [])
        if role.kind in kinds and role.scope_type_id == wanted
    }


def holds_in(user: Any, kinds: set[RoleKind], scope: models.Model | None) -> bool:
    """Whether ``user`` holds one of ``kinds`` in ``scope`` today."""
    return scope is not None and scope.pk in scope_ids(user, kinds, type(scope))


@rules.predicate
def is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


@rules.predicate
def is_staff_member(user: Any) -> bool:
    return bool(role_kinds(user) & STAFF_KINDS)


@rules.predicate
def is_programme_manager(user: Any) -> bool:
    return RoleKind.PROGRAMME_MANAGER in role_kinds(user)


@rules.predicate
def is_programme_team(user: Any) -> bool:
    """Programme staff in the narrow sense: they run projects and calls."""
    return bool(role_kinds(user) & {RoleKind.PROGRAMME_STAFF, RoleKind.PROGRAMME_MANAGER})


@rules.predicate
def is_engagement_lead(user: Any) -> bool:
    return RoleKind.ENGAGEMENT_LEAD in role_kinds(user)


@rules.predicate
def is_networks_team(user: Any) -> bool:
    return bool(role_kinds(user) & {RoleKind.NETWORKS_LEAD, RoleKind.NETWORKS_MANAGER})


@rules.predicate
def is_leadership(user: Any) -> bool:
    return RoleKind.LEADERSHIP in role_kinds(user)


@rules.predicate
def is_the_person(user: Any, person: Any) -> bool:
    return person is not None and user.pk == person.pk


rules.add_perm("core.view_gallery", is_staff_member)
rules.add_perm("accounts.use_own_account", is_signed_in)
rules.add_perm("accounts.invite_person", is_programme_manager)
rules.add_perm("accounts.end_role", is_programme_manager)
rules.add_perm("accounts.view_access_needs", is_the_person | is_engagement_lead)
