"""Which projects and parts of them a person may know of, and what is late."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme

from .enums import OPEN_STATES, Audience, GapState, RiskState, TopicState, UpdateState
from .years import days_of

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

    def running_in(self, year: int) -> "ProjectQuerySet":
        """Begun by the end of ``year`` and not over before it; none without a first day."""
        first, last = days_of(year)
        goes_on = models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=first)
        return self.filter(goes_on, starts_on__lte=last)

    def past_last_day(self, today: date) -> "ProjectQuerySet":
        """Neither closed nor stopped, though the last day was before ``today``."""
        return self.filter(ends_on__lt=today, state__in=OPEN_STATES)

    def with_words(self, text: str) -> "ProjectQuerySet":
        """Projects whose title or summary contains each word of ``text``.

        On PostgreSQL the search uses the trigram indexes of migration 0004; elsewhere it reads
        the table.
        """
        found = self
        for word in text.split():
            found = found.filter(
                models.Q(title__icontains=word) | models.Q(summary__icontains=word)
            )
        return found


class MilestoneQuerySet(models.QuerySet):
    def with_first_day(self) -> "MilestoneQuerySet":
        """With the day on which each was due at first as ``first_day``."""
        slips = self.model._meta.get_field("slips").related_model.objects.filter(
            milestone=models.OuterRef("pk"), due_before__isnull=False
        )
        first = models.Subquery(slips.order_by("at", "id").values("due_before")[:1])
        return self.annotate(first_day=Coalesce(first, "due_on"))

    def late(self, today: date) -> "MilestoneQuerySet":
        """Not done, due before ``today``, of a project that still goes on."""
        return self.filter(done_on__isnull=True, due_on__lt=today, project__state__in=OPEN_STATES)


class UpdateQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "UpdateQuerySet":
        """All updates for those who see the programme; for others what everybody may read."""
        return self if sees_programme(user) else self.public()

    def public(self) -> "UpdateQuerySet":
        """Published, and for everybody."""
        return self.filter(audience=Audience.PUBLIC, state=UpdateState.PUBLISHED)

    def drafts_of(self, user: Any) -> "UpdateQuerySet":
        """The drafts that ``user`` wrote."""
        return self.filter(state=UpdateState.DRAFT, written_by=user)


class RiskQuerySet(models.QuerySet):
    def to_review_by(self, user: Any, today: date) -> "RiskQuerySet":
        """Open risks of open projects that ``user`` should have looked at before ``today``.

        One that nobody looks after falls to the lead of its project.
        """
        theirs = models.Q(owner=user) | models.Q(owner__isnull=True, project__lead=user)
        return self.filter(
            theirs, state=RiskState.OPEN, review_on__lt=today, project__state__in=OPEN_STATES
        )


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ContributionQuerySet":
        """All of them for those who see the programme; for others none."""
        return self if sees_programme(user) else self.none()


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "TopicQuerySet":
        """All of them for those who see the programme; for others those in the programme."""
        return self if sees_programme(user) else self.public()

    def public(self) -> "TopicQuerySet":
        """Topics whose thread everybody may read."""
        return self.filter(state=TopicState.IN_PROGRAMME)

    def with_words(self, text: str) -> "TopicQuerySet":
        """Topics whose title or description contains each word of ``text``."""
        found = self
        for word in text.split():
            found = found.filter(
                models.Q(title__icontains=word) | models.Q(description__icontains=word)
            )
        return found


class GapAskQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "GapAskQuerySet":
        """What was asked of the organisations that ``user`` speaks for today."""
        organisation = self.model._meta.get_field("organisation").related_model
        own = scope_ids(user, {RoleKind.PARTNER_CONTACT}, organisation)
        return self.filter(organisation_id__in=own)

    def open_at(self, now: datetime) -> "GapAskQuerySet":
        """Of gaps that are open, with a link that still works."""
        return self.filter(gap__state=GapState.OPEN, expires_at__gt=now)

    def unanswered(self) -> "GapAskQuerySet":
        """Nobody of the same organisation has answered in the same gap."""
        answers = self.model._meta.get_field("replies").related_model.objects.filter(
            ask__gap=models.OuterRef("gap"), ask__organisation=models.OuterRef("organisation")
        )
        return self.filter(~models.Exists(answers))
