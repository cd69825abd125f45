"""Which projects a person may know of."""

from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme

PROJECT_ROLES = {RoleKind.IMPROVEMENT_COACH, RoleKind.FACILITATOR}


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ProjectQuerySet":
        """All projects for those who see the programme; for others those they have a part in."""
        if sees_programme(user):
            return self
        organisation = self.model._meta.get_field("host").related_model
        hosted = scope_ids(user, {RoleKind.PARTNER_CONTACT}, organisation)
        own = scope_ids(user, PROJECT_ROLES, self.model)
        return self.filter(models.Q(id__in=own) | models.Q(host_id__in=hosted))

    def public(self) -> "ProjectQuerySet":
        """Projects with a page for everybody."""
        return self.filter(is_public=True)
