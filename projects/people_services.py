"""The roles that people have in a project. The history says which role, the page says whose."""

from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import Role, User
from accounts.services import end_role, grant_role
from core import audit
from core.enums import AuditAction

from .enums import DeliveryModel
from .models import Project

# Which role can be had in a project of which model; those of networks are had in their groups.
ROLES = {
    DeliveryModel.DEMONSTRATOR: [RoleKind.IMPROVEMENT_COACH],
    DeliveryModel.FACILITATOR: [RoleKind.FACILITATOR],
}


def roles_in(project: Project) -> models.QuerySet[Role]:
    """Every role that somebody has, had or will have in ``project``."""
    kind = ContentType.objects.get_for_model(Project)
    return Role.objects.filter(scope_type=kind, scope_id=project.pk)


class ProjectOver(Exception):
    """Nobody gets a role in a project that is closed or stopped. ``str()`` is fit to be shown."""


def give_role(  # noqa: PLR0913 - the arguments of grant_role() itself
    *,
    project: Project,
    person: User,
    kind: RoleKind,
    starts_on: date,
    ends_on: date | None,
    by: Any,
    now: datetime,
) -> Role:
    """Give ``person`` a role in ``project`` between two days; the same twice is given once.

    Errors: ``ProjectOver``.
    """
    with transaction.atomic():
        if not Project.objects.select_for_update().get(pk=project.pk).is_open:
            raise ProjectOver(_("This project is over: nobody gets a role in it any more."))
        same = roles_in(project).filter(person=person, kind=kind, ends_on=ends_on)
        if held := same.filter(starts_on__lte=starts_on).first():
            return held
        role = grant_role(
            person=person,
            kind=kind,
            scope=project,
            by=by,
            now=now,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        _note(project, {"role": ["", str(role.get_kind_display())]}, by, now)
    return role


def follow_role(role: Role, before: date | None, by: Any, now: datetime) -> None:
    """Note in the history of a project that the last day of a role in it changed."""
    if not isinstance(role.scope, Project):
        return
    words, last = str(role.get_kind_display()), role.ends_on
    if last and last < max(role.starts_on, timezone.localdate(now)):
        _note(role.scope, {"role": [words, ""]}, by, now)
        return
    days = [day.isoformat() if day else "" for day in (before, last)]
    _note(role.scope, {"role": [words, words], "role_last_day": days}, by, now)


def let_roles_lapse(project: Project, by: Any, now: datetime) -> None:
    """End the roles in a project that is over; nobody sees its inner pages by them any more."""
    today = timezone.localdate(now)
    going_on = models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=today)
    for role in roles_in(project).filter(going_on).select_related("person"):
        end_role(role=role, by=by, now=now)


def _note(project: Project, changes: dict[str, list[str]], by: Any, now: datetime) -> None:
    audit.record(action=AuditAction.CHANGED, obj=project, by=by, now=now, changes=changes)
