"""Which calls and expressions a person may know of."""

from datetime import datetime
from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme

from .enums import CallState, ExpressionState


class CallQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """All of them for those who see the programme; for everybody those that were published."""
        return self if sees_programme(user) else self.public()

    def public(self) -> "CallQuerySet":
        """Calls that have been opened once."""
        return self.exclude(state=CallState.DRAFT)

    def open_at(self, now: datetime) -> "CallQuerySet":
        """Calls that take expressions at ``now``: closing instant excluded."""
        return self.filter(state=CallState.OPEN, opens_at__lte=now, closes_at__gt=now)


class ExpressionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ExpressionQuerySet":
        """All for those who see the programme; their organisations' own for partner contacts."""
        return self if sees_programme(user) else self.of_contact(user)

    def of_contact(self, user: Any) -> "ExpressionQuerySet":
        """Those of the organisations that ``user`` speaks for today."""
        organisation = self.model._meta.get_field("organisation").related_model
        own = scope_ids(user, {RoleKind.PARTNER_CONTACT}, organisation)
        return self.filter(organisation_id__in=own)

    def drafts_of_open_calls(self, now: datetime) -> "ExpressionQuerySet":
        """Drafts that can still be finished at ``now``."""
        return self.filter(
            state=ExpressionState.DRAFT,
            call__state=CallState.OPEN,
            call__opens_at__lte=now,
            call__closes_at__gt=now,
        )
