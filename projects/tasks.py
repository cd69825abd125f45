"""Tasks of projects. They carry no arguments: what is due is in the database."""

from celery import shared_task
from django.utils import timezone

from . import file_services


@shared_task
def scan_files() -> None:
    """Have the virus scanner look at the documents that wait."""
    file_services.scan_waiting_files(now=timezone.now())


@shared_task
def tidy() -> None:
    """Delete stored files that no row knows."""
    file_services.sweep_files(now=timezone.now())
