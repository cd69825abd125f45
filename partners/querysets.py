"""Which organisations, and which wishes to join one, a person may know of."""

from datetime import date, datetime
from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import is_programme_team, scope_ids, sees_programme

from .enums import ImportState


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """All of them for those who see the programme; their own for partner contacts."""
        if sees_programme(user):
            return self
        return self.filter(id__in=scope_ids(user, {RoleKind.PARTNER_CONTACT}, self.model))

    def of_contact(self, user: Any) -> "OrganisationQuerySet":
        """Those that ``user`` speaks for today."""
        return self.filter(id__in=scope_ids(user, {RoleKind.PARTNER_CONTACT}, self.model))


class LiveOrganisations(models.Manager):
    """The organisations that stand: without those that were merged into another."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(merged_into__isnull=True)


class OutreachQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "OutreachQuerySet":
        """All of it for those who see the programme; for the organisations themselves nothing."""
        return self if sees_programme(user) else self.none()

    def to_follow_up(self) -> "OutreachQuerySet":
        """With a day for getting in touch again that nobody has settled yet."""
        return self.filter(follow_up_on__isnull=False, followed_up_at__isnull=True)

    def due(self, today: date) -> "OutreachQuerySet":
        """To be followed up today or earlier."""
        return self.to_follow_up().filter(follow_up_on__lte=today)


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """One's own: what somebody uploads is nobody else's before it is saved."""
        return self.filter(uploaded_by_id=user.pk)

    def expired(self, now: datetime) -> "ImportQuerySet":
        """Whose time is over, less those that are being saved."""
        return self.filter(keep_until__lt=now).exclude(state=ImportState.CONFIRMED)


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
