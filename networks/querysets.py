"""Which networks a person may know of."""

from typing import Any

from django.db import models

from accounts.rules import scope_ids, sees_programme
from meetings.models import Group
from meetings.querysets import GROUP_ROLES


class NetworkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "NetworkQuerySet":
        """All for those who see the programme; nobody else looks across local networks."""
        return self if sees_programme(user) else self.none()


class LocalNetworkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "LocalNetworkQuerySet":
        """All for those who see the programme; for others those in whose group they have a role."""
        if sees_programme(user):
            return self
        return self.filter(group_id__in=scope_ids(user, GROUP_ROLES, Group))
