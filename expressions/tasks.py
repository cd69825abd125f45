"""Tasks of calls. They carry no arguments: what is due is in the database."""

from celery import shared_task

from .clock import database_now
from .transitions import close_due_calls


@shared_task
def close_calls() -> None:
    """Close the calls whose closing instant has passed by the database's clock."""
    close_due_calls(now=database_now())
