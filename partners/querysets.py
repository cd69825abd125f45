"""Which organisations, and which wishes to join one, a person may know of."""

from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import is_programme_team, scope_ids, sees_programme


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """All of them for those who see the programme; their own for partner contacts."""
        if sees_programme(user):
            return self
        return self.filter(id__in=scope_ids(user, {RoleKind.PARTNER_CONTACT}, self.model))

    def of_contact(self, user: Any) -> "OrganisationQuerySet":
        """Those that ``user`` speaks for today."""
        return self.filter(id__in=scope_ids(user, {RoleKind.PARTNER_CONTACT}, self.model))


class JoinRequestQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "JoinRequestQuerySet":
        """Those that a person may decide, and those that they made themselves."""
        return self.filter(self._decidable(user) | models.Q(person_id=user.pk))

    def decidable_by(self, user: Any) -> "JoinRequestQuerySet":
        """Those that ``user`` may decide: the programme team all, contacts their organisations'."""
        return self.filter(self._decidable(user))

    def _decidable(self, user: Any) -> models.Q:
        if getattr(user, "is_superuser", False) or is_programme_team(user):
            return models.Q(pk__isnull=False)
        organisation = self.model._meta.get_field("organisation").related_model
        own = scope_ids(user, {RoleKind.PARTNER_CONTACT}, organisation)
        return models.Q(organisation_id__in=own)
