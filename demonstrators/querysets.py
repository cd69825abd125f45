"""Which Demonstrators and sites a person may know of, and which sites wait for a word from us."""

from datetime import date, timedelta
from typing import Any

from django.db import models

from projects.models import Project

from .enums import PostState, SiteState


class DemonstratorQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "DemonstratorQuerySet":
        """Those of the projects that ``user`` may see."""
        return self.filter(project__in=Project.objects.visible_to(user).values("id"))


class SiteQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SiteQuerySet":
        """The sites of the Demonstrators that ``user`` may see."""
        return self.filter(demonstrator__project__in=Project.objects.visible_to(user).values("id"))

    def to_chase(self, today: date, days: int) -> "SiteQuerySet":
        """Approached, and unchanged for at least ``days`` days."""
        return self.filter(state=SiteState.APPROACHED, since__lte=today - timedelta(days=days))

    def with_words(self, text: str) -> "SiteQuerySet":
        """Sites whose name or area contains each word of ``text``."""
        found = self
        for word in text.split():
            found = found.filter(models.Q(name__icontains=word) | models.Q(area__icontains=word))
        return found


class MoveQuerySet(models.QuerySet):
    def standing(self) -> "MoveQuerySet":
        """Moves that nobody has undone."""
        return self.filter(undone_at__isnull=True)


class PostQuerySet(models.QuerySet):
    def vacancies(self, today: date) -> "PostQuerySet":
        """Published vacancies that somebody can still apply for."""
        return self.filter(state=PostState.PUBLISHED).filter(
            models.Q(closes_on__isnull=True) | models.Q(closes_on__gte=today)
        )
