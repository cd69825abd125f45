"""Which calls and expressions a person may know of."""

from datetime import datetime
from typing import Any

from django.db import models

from accounts.enums import RoleKind
from accounts.rules import is_programme_team, scope_ids, sees_programme

from .enums import HIDING, UNDER_SEAL, AssessmentState, CallState, ExpressionState, Source


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
        """What ``user`` may know of, less all in which they have a conflict of interest.

        All for those who see the programme; those to score for assessors; their organisations'
        own for partner contacts.
        """
        if sees_programme(user):
            return self.without_conflicts_of(user)
        return (self.of_contact(user) | self.to_assess_by(user)).distinct()

    def without_conflicts_of(self, user: Any) -> "ExpressionQuerySet":
        """Without those that a suggested or declared conflict hides from ``user``."""
        hiding = self.model._meta.get_field("conflicts").related_model.objects.filter(
            expression=models.OuterRef("pk"), person_id=user.pk, state__in=HIDING
        )
        return self.filter(~models.Exists(hiding))

    def unsealed(self) -> "ExpressionQuerySet":
        """Without those whose answers are sealed until their call closes."""
        return self.exclude(call__is_sealed=True, call__state__in=UNDER_SEAL)

    def to_assess_by(self, user: Any) -> "ExpressionQuerySet":
        """Those that ``user`` is to score or has scored, while they are assessor of the call."""
        call = self.model._meta.get_field("call").related_model
        calls = scope_ids(user, {RoleKind.ASSESSOR}, call)
        assessments = (
            self.model._meta.get_field("assessments")
            .related_model.objects.filter(expression=models.OuterRef("pk"), assessor_id=user.pk)
            .exclude(state=AssessmentState.STOOD_DOWN)
        )
        found = self.filter(models.Exists(assessments), call_id__in=calls)
        return found.without_conflicts_of(user)

    def of_contact(self, user: Any) -> "ExpressionQuerySet":
        """Those of the organisations that ``user`` speaks for today."""
        organisation = self.model._meta.get_field("organisation").related_model
        own = scope_ids(user, {RoleKind.PARTNER_CONTACT}, organisation)
        return self.filter(organisation_id__in=own)

    def writable_by(self, user: Any) -> "ExpressionQuerySet":
        """Those in which ``user`` may write: their organisations' own; for the programme team
        those also that staff type in for others."""
        own = self.of_contact(user)
        if not is_programme_team(user):
            return own
        entered = self.filter(received_at__isnull=False).exclude(source=Source.ONLINE)
        return own | entered.without_conflicts_of(user)

    def drafts_of_open_calls(self, now: datetime) -> "ExpressionQuerySet":
        """Drafts that can still be finished at ``now``."""
        return self.filter(
            state=ExpressionState.DRAFT,
            call__state=CallState.OPEN,
            call__opens_at__lte=now,
            call__closes_at__gt=now,
        )
