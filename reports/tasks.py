"""Tasks that make reports."""

from celery import shared_task
from django.utils import timezone

from .building import build_waiting


@shared_task
def build_waiting_runs() -> None:
    """Make the runs that wait, and those that a crash left half made."""
    build_waiting(now=timezone.now())
