"""Which organisations a person may know of."""

from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """All of them for those who see the programme; their own for partner contacts."""
        if sees_programme(user):
            return self
        return self.filter(id__in=scope_ids(user, {RoleKind.PARTNER_CONTACT}, self.model))
