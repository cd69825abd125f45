"""Tasks that make reports. They carry no arguments: what waits is in the database."""

from celery import shared_task
from django.utils import timezone

from .building import build_next
from .waking import wake_builder


@shared_task
def build_waiting_runs() -> None:
    """Make one run that waits or was left half made, and wake the next worker for the rest."""
    if build_next(clock=timezone.now):
        wake_builder()
