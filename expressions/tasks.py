"""Tasks of calls. They carry no arguments: what is due is in the database."""

from celery import shared_task

from .clock import database_now
from .services import files, plans
from .transitions import close_due_calls, release_ended


@shared_task
def close_calls() -> None:
    """Close the calls whose closing instant has passed by the database's clock."""
    close_due_calls(now=database_now())


@shared_task
def scan_files() -> None:
    """Have the virus scanner look at the files that wait, and come back while there are more."""
    if files.scan_waiting_files(now=database_now()) >= files.SCANNED_AT_ONCE:
        scan_files.delay()


@shared_task
def tidy() -> None:
    """Delete stored files that no row knows."""
    files.sweep_files(now=database_now())


@shared_task
def release_assessments() -> None:
    """Free what people were to score whose role as assessor has ended."""
    release_ended(now=database_now())


@shared_task
def firm_up_plans() -> None:
    """Work out what plans still wait for; a second run finds nothing left to do."""
    plans.finish_plans(now=database_now())
