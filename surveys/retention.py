"""What of surveys goes when its time is up."""

from datetime import datetime

from django.utils import timezone

from core.retention import Rule, rules

from .models import Draft, Submission


def forget_drafts(*, now: datetime) -> int:
    """Answers begun and not sent for 30 days, and the marks of those sent 30 days ago."""
    today = timezone.localdate(now)
    drafts, _of = Draft.objects.filter(keep_until__lt=today).delete()
    marks = Submission.objects.filter(keep_until__lt=today, answers__isnull=True)
    return drafts + marks.delete()[0]


DRAFTS = Rule(frozenset({Draft._meta.label, Submission._meta.label}), forget_drafts)


def register() -> None:
    rules.add("surveys.drafts", DRAFTS)
