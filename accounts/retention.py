"""What of people goes when its time is up."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.retention import Rule, rules

from .models import AccessNeeds, Invitation

INVITATIONS_KEPT = timedelta(days=30)


def forget_access_needs(*, now: datetime) -> int:
    """Two years after the last change; whoever still needs something is asked anew."""
    return AccessNeeds.objects.filter(keep_until__lt=timezone.localdate(now)).delete()[0]


def forget_invitations(*, now: datetime) -> int:
    """Thirty days after they were used or ran out."""
    past = now - INVITATIONS_KEPT
    used = Invitation.objects.filter(accepted_at__lt=past)
    ran_out = Invitation.objects.filter(accepted_at=None, expires_at__lt=past)
    return (used | ran_out).delete()[0]


NEEDS = Rule(frozenset({AccessNeeds._meta.label}), forget_access_needs)
INVITATIONS = Rule(frozenset({Invitation._meta.label}), forget_invitations)


def register() -> None:
    rules.add("accounts.access_needs", NEEDS)
    rules.add("accounts.invitations", INVITATIONS)
