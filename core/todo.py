"""One line of a home page: something that waits for this person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Todo:
    """What to do, where, and by when; ``due`` sorts the list, things without a date come last.

    ``count`` is how many things wait behind the link. ``detail`` says in a few words what it is
    about.
    """

    text: str | Promise
    url: str
    detail: str | Promise = ""
    count: int = 1
    due: date | datetime | None = None
    is_late: bool = False
