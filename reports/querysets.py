"""Which report runs a person may know of."""

from typing import Any

from django.db import models

from accounts.rules import sees_programme

from .registry import report_kinds


class ReportRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ReportRunQuerySet":
        """Their own runs; for those who see the programme also others' of the kinds they may make.

        A scoped kind is about one thing, on which its permission is asked: only its maker's.
        """
        own = models.Q(requested_by_id=user.pk)
        if not sees_programme(user):
            return self.filter(own)
        shared = [
            kind.name for kind in report_kinds if not kind.scoped and user.has_perm(kind.permission)
        ]
        return self.filter(own | models.Q(kind__in=shared))
