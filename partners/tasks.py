"""Tasks about organisations. They carry no arguments: what waits is in the database."""

from celery import shared_task
from django.utils import timezone

from . import imports, merging


@shared_task
def save_confirmed_imports() -> None:
    """Save the files that were confirmed."""
    imports.save_confirmed(now=timezone.now())


@shared_task
def follow_merges() -> None:
    """Move what was written to an organisation just as it was merged."""
    merging.follow_late_rows(now=timezone.now())
