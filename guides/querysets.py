"""Which guides a person may know of."""

from datetime import date
from typing import Any

from django.db import models

from accounts.rules import sees_programme

from .enums import GuideState


class GuideQuerySet(models.QuerySet):
    def public(self) -> "GuideQuerySet":
        """Guides of which a version is out; they stay out while the next one is written."""
        version = self.model._meta.get_field("versions").related_model
        out = version.objects.filter(guide=models.OuterRef("pk"), published_at__isnull=False)
        return self.filter(models.Exists(out))

    def visible_to(self, user: Any) -> "GuideQuerySet":
        """All guides for those who see the programme; published ones for everybody."""
        return self if sees_programme(user) else self.public()

    def due_for_review(self, day: date) -> "GuideQuerySet":
        """Published guides whose day to be looked at again has come."""
        return self.filter(state=GuideState.PUBLISHED, review_on__lte=day).order_by(
            "review_on", "id"
        )
