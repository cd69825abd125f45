"""Which projects and parts of them a person may know of, and what is late."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connections, models
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
        """Projects whose title or summary contains each word of ``text``, or on PostgreSQL a word
        of the same stem: "caring" finds what says "carers cared".

        There it uses the indexes of migrations 0004 and 0007; elsewhere it reads the table.
        """
        holds_each = models.Q()
        for word in text.split():
            holds_each &= models.Q(title__icontains=word) | models.Q(summary__icontains=word)
        if connections[self.db].vendor != "postgresql":
            return self.filter(holds_each)
        found = self.alias(full_text=SearchVector("title", "summary", config="english"))
        asked = SearchQuery(text, config="english", search_type="websearch")
        return found.filter(models.Q(full_text=asked) | holds_each)


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


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """A person's own views, and those that are shared with all who see the programme."""
        if not sees_programme(user):
            return self.none()
        return self.filter(models.Q(owner=user) | models.Q(is_shared=True))


class RiskQuerySet(models.QuerySet):
    def of_person(self, user: Any) -> "RiskQuerySet":
        """Open risks of open projects that ``user`` looks after.

        One that nobody looks after falls to the lead of its project.
        """
        theirs = models.Q(owner=user) | models.Q(owner__isnull=True, project__lead=user)
        return self.filter(theirs, state=RiskState.OPEN, project__state__in=OPEN_STATES)

    def to_review_by(self, user: Any, today: date) -> "RiskQuerySet":
        """Those of them that ``user`` should have looked at before ``today``."""
        return self.of_person(user).filter(review_on__lt=today)


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
