"""Making the files of a report run, outside of any request."""

from datetime import datetime


def build_waiting(*, now: datetime) -> int:
    """Make the runs that wait; returns how many."""
    return 0
