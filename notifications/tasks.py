"""Tasks of the outbox. They carry no arguments: what is due is in the database."""

from celery import shared_task
from django.utils import timezone

from .delivery import send_due
from .reminders import queue_due_reminders


@shared_task
def send_due_messages() -> None:
    """Send what is due."""
    send_due(now=timezone.now(), clock=timezone.now)


@shared_task
def queue_reminders() -> None:
    """Look through all reminder rules and put what is due in the outbox."""
    queue_due_reminders(now=timezone.now())
