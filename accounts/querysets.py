"""Which roles count."""

from datetime import date

from django.db import models


class RoleQuerySet(models.QuerySet):
    def active_on(self, day: date) -> "RoleQuerySet":
        """Roles in force on ``day``, the first and the last day included."""
        return self.filter(starts_on__lte=day).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day)
        )
