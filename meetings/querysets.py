"""Which groups and meetings a person may know of."""

from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme

GROUP_ROLES = {
    RoleKind.NETWORK_COORDINATOR,
    RoleKind.NETWORK_MEMBER,
    RoleKind.ADVISORY_MEMBER,
    RoleKind.ASSEMBLY_MEMBER,
}


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "GroupQuerySet":
        """All groups for those who see the programme; for others those they have a role in."""
        if sees_programme(user):
            return self
        return self.filter(id__in=scope_ids(user, GROUP_ROLES, self.model))


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """The meetings of the groups that the person may know of."""
        if sees_programme(user):
            return self
        group_model = self.model._meta.get_field("group").related_model
        return self.filter(group_id__in=scope_ids(user, GROUP_ROLES, group_model))
