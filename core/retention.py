"""What goes when its time is up: each room says of which rows of its own, and deletes them.

The register of personal data (``personal_data.yaml`` of each room) promises a time; a guard holds
that each promise shorter than the seven years of the public record has a rule here that keeps it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction

from .registry import Registry
from .sweeps import Problems

logger = logging.getLogger(__name__)


class Forget(Protocol):
    """Deletes what is past its time at ``now``; returns how many rows."""

    def __call__(self, *, now: datetime) -> int: ...


@dataclass(frozen=True)
class Rule:
    """``forget`` deletes what of ``models`` (labels) is past its time.

    It is run each hour; a second run has to find nothing left to do.
    """

    models: frozenset[str]
    forget: Forget


rules: Registry[Rule] = Registry("retention")


def forget_expired(*, now: datetime) -> None:
    """Keep every rule. Errors: ``ExceptionGroup`` of what failed, when the others have run."""
    problems = Problems("retention")
    for name, rule in rules.items():
        with problems.of(name), transaction.atomic():
            if count := rule.forget(now=now):
                logger.info("retention.deleted rule=%s rows=%d", name, count)
    problems.raise_any()
