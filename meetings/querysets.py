"""Which groups and meetings a person may know of, and the usual ways to read them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme

from .enums import ActionState, LogState, MeetingState

GROUP_ROLES = {
    RoleKind.NETWORK_COORDINATOR,
    RoleKind.NETWORK_MEMBER,
    RoleKind.ADVISORY_MEMBER,
    RoleKind.ASSEMBLY_MEMBER,
}


class OfGroupQuerySet(models.QuerySet):
    """Rows that belong to a group, under the name ``group_path``."""

    group_path = "group"

    def visible_to(self, user: Any) -> Any:
        """All for those who see the programme; for others what their groups have."""
        if sees_programme(user):
            return self
        return self.filter(
            **{f"{self.group_path}_id__in": scope_ids(user, GROUP_ROLES, self._group_model())}
        )

    def _group_model(self) -> type[models.Model]:
        model: Any = self.model
        for name in self.group_path.split("__"):
            model = model._meta.get_field(name).related_model
        return model


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "GroupQuerySet":
        """All groups for those who see the programme; for others those they have a role in."""
        if sees_programme(user):
            return self
        return self.filter(id__in=scope_ids(user, GROUP_ROLES, self.model))


class MemberQuerySet(OfGroupQuerySet):
    def current(self) -> "MemberQuerySet":
        """Those who have not left."""
        return self.filter(left_on__isnull=True)


class MeetingQuerySet(OfGroupQuerySet):
    def coming(self, now: datetime) -> "MeetingQuerySet":
        """Planned meetings that have not begun, the next one first."""
        planned = self.filter(state=MeetingState.PLANNED, starts_at__gt=now)
        return planned.order_by("starts_at", "id")

    def begun(self, now: datetime) -> "MeetingQuerySet":
        """Meetings that have begun or are over, save those that were cancelled."""
        return self.filter(starts_at__lte=now).exclude(state=MeetingState.CANCELLED)

    def to_log(self, now: datetime) -> "MeetingQuerySet":
        """Meetings that have begun and whose log nobody has sent yet, the oldest first."""
        waiting = models.Q(log__isnull=True) | models.Q(log__state=LogState.DRAFT)
        return self.begun(now).filter(waiting).order_by("starts_at", "id")


class LogQuerySet(OfGroupQuerySet):
    group_path = "meeting__group"

    def sent(self) -> "LogQuerySet":
        """Those that somebody sent at least once and has not taken back."""
        return self.exclude(state=LogState.DRAFT)


class ActionQuerySet(OfGroupQuerySet):
    def due(self, now: datetime, days: int = 14) -> "ActionQuerySet":
        """Those still to do whose day has passed or comes within ``days``."""
        last = timezone.localdate(now) + timedelta(days=days)
        return self.filter(state=ActionState.OPEN, due_on__lte=last).order_by("due_on", "id")
