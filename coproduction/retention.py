"""What members have begun to write goes when nobody has touched it for a year."""

from datetime import datetime, timedelta

from core.retention import Rule, rules

from .models import Draft, DraftRevision

DRAFTS_KEPT = timedelta(days=365)


def forget_drafts(*, now: datetime) -> int:
    """A year after the last change, with every saving; what became a proposal stays that."""
    return Draft.objects.filter(updated_at__lt=now - DRAFTS_KEPT).delete()[0]


DRAFTS = Rule(frozenset({Draft._meta.label, DraftRevision._meta.label}), forget_drafts)


def register() -> None:
    rules.add("coproduction.drafts", DRAFTS)
