"""Which charters, clauses, proposals and drafts a person may know of."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme
from meetings.models import Group

from .enums import ProposalState

MEMBERS = {RoleKind.ADVISORY_MEMBER}


def group_ids(user: Any) -> set[int]:
    """The groups in which ``user`` is an advisory group member today."""
    return scope_ids(user, MEMBERS, Group)


class UnchangingQuerySet(models.QuerySet):
    """Rows that are written once."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(_("These rows are kept as they were."))


class CharterQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CharterQuerySet":
        """All charters for those who see the programme; for members, those of their groups."""
        return self if sees_programme(user) else self.filter(group_id__in=group_ids(user))


class _OfCharter(models.QuerySet):
    def visible_to(self, user: Any) -> Any:
        """What belongs to the charters that the person may know of."""
        if sees_programme(user):
            return self
        return self.filter(charter__group_id__in=group_ids(user))


class VersionQuerySet(UnchangingQuerySet, _OfCharter):
    pass


class ClauseQuerySet(_OfCharter):
    pass


class ProposalQuerySet(_OfCharter):
    def with_words(self) -> "ProposalQuerySet":
        """With everything that its title and its author's name are made of."""
        return self.select_related("charter__group", "replaces", "proposed_by", "clause")

    def open(self) -> "ProposalQuerySet":
        return self.filter(state=ProposalState.OPEN)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "DraftQuerySet":
        """One's own drafts, and those that a fellow member shares; nobody else sees them."""
        mine = self.filter(charter__group_id__in=group_ids(user))
        return mine.filter(Q(author__person_id=user.pk) | Q(is_shared=True))

    def being_written(self) -> "DraftQuerySet":
        """Neither sent to the group nor put away."""
        return self.filter(proposal__isnull=True, put_away_at__isnull=True)
