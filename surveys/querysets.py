"""Which surveys a person may know of, and which responses hold a text."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.rules import sees_programme

from .enums import SurveyMode, SurveyState


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SurveyQuerySet":
        """All surveys with their results for those who see the programme; none for others."""
        return self if sees_programme(user) else self.none()

    def public(self, now: datetime) -> "SurveyQuerySet":
        """Surveys that anybody may find: open ones that have begun, and closed ones."""
        return self.filter(mode=SurveyMode.OPEN, opens_on__lte=timezone.localdate(now)).exclude(
            state=SurveyState.DRAFT
        )

    def past_closing(self, now: datetime) -> "SurveyQuerySet":
        """Open surveys whose closing moment has come."""
        return self.filter(state=SurveyState.OPEN, closes_at__lte=now)

    def closing_before(self, moment: datetime, now: datetime) -> "SurveyQuerySet":
        """Open surveys that close after ``now`` and not after ``moment``."""
        return self.filter(
            state=SurveyState.OPEN, closes_at__gt=now, closes_at__lte=moment
        ).order_by("closes_at", "id")


class ResponseQuerySet(models.QuerySet):
    def with_text(self, code: str) -> "ResponseQuerySet":
        """Rows of ``id`` and ``text`` for the responses that answer the open question ``code``."""
        answered = models.Q(answers__has_key=code)
        text = models.fields.json.KeyTextTransform(code, "answers")
        return self.filter(answered).annotate(text=text).values("id", "text")
