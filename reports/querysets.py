"""Which report runs a person may know of."""

from typing import Any

from django.db import models

from accounts.rules import sees_programme


class ReportRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ReportRunQuerySet":
        """All runs for those who see the programme; their own for everybody else."""
        if sees_programme(user):
            return self
        return self.filter(requested_by_id=user.pk)
