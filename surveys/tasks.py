"""Tasks of the surveys. They carry no arguments: what waits is in the database."""

from celery import shared_task
from django.utils import timezone

from .services import sweep


@shared_task
def refresh_results() -> None:
    """Mix the answers that came in since, and count them."""
    sweep(now=timezone.now())
