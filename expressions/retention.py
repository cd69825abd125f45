"""What of calls and expressions goes when its time is up."""

from core.retention import Rule, rules

from .models import EarlierAnswer
from .services.history import forget_earlier_answers

EARLIER = Rule(frozenset({EarlierAnswer._meta.label}), forget_earlier_answers)


def register() -> None:
    rules.add("expressions.earlier_answers", EARLIER)
