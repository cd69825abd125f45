"""Tasks of the whole house. They carry no arguments: what is due is in the database."""

from celery import shared_task
from django.utils import timezone

from . import retention


@shared_task
def forget_expired() -> None:
    """Delete what is past its time."""
    retention.forget_expired(now=timezone.now())
