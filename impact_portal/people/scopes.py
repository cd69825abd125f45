"""In what each role is held: which model a scoped role points at."""

from collections.abc import Callable

from django.apps import apps
from django.db.models import QuerySet

from accounts.enums import RoleKind
from meetings.enums import GroupKind
from meetings.models import Group
from partners.models import Organisation
from projects.enums import OPEN_STATES, DeliveryModel
from projects.models import Project


def _groups(kind: GroupKind) -> QuerySet:
    return Group.objects.filter(kind=kind)


def _projects(model: DeliveryModel) -> QuerySet:
    return Project.objects.filter(model=model, state__in=OPEN_STATES).order_by("title")


def _calls() -> QuerySet:
    return apps.get_model("expressions", "Call").objects.all()


_SCOPES: dict[RoleKind, Callable[[], QuerySet]] = {
    RoleKind.PARTNER_CONTACT: Organisation.objects.all,
    RoleKind.NETWORK_COORDINATOR: lambda: _groups(GroupKind.LOCAL_NETWORK),
    RoleKind.NETWORK_MEMBER: lambda: _groups(GroupKind.LOCAL_NETWORK),
    RoleKind.ADVISORY_MEMBER: lambda: _groups(GroupKind.ADVISORY),
    RoleKind.ASSEMBLY_MEMBER: lambda: _groups(GroupKind.ASSEMBLY),
    RoleKind.IMPROVEMENT_COACH: lambda: _projects(DeliveryModel.DEMONSTRATOR),
    RoleKind.FACILITATOR: lambda: _projects(DeliveryModel.FACILITATOR),
    RoleKind.ASSESSOR: _calls,
}


def scopes_of(kind: RoleKind) -> QuerySet | None:
    """Everything in which ``kind`` can be held; ``None`` for a role of the whole programme."""
    return _SCOPES[kind]() if kind in _SCOPES else None
