"""Tasks of calls. They carry no arguments: what is due is in the database."""

from celery import shared_task

from .clock import database_now
from .transitions import close_due_calls, release_ended


@shared_task
def close_calls() -> None:
    """Close the calls whose closing instant has passed by the database's clock."""
    close_due_calls(now=database_now())


@shared_task
def release_assessments() -> None:
    """Free what people were to score whose role as assessor has ended."""
    release_ended(now=database_now())
