"""One line of a home page: something that waits for this person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Todo:
    """What to do, where, and by when; a home page shows late things first, then what waits
    without a date, then the rest by ``due``.

    ``count`` is how many things wait behind the link, and stands before ``text``; None where the
    link leads to one thing that ``text`` names. ``detail`` says in a few words what it is about.
    ``tells_due`` is true where ``text`` names the date itself, so that it is not said twice.
    """

    text: str | Promise
    url: str
    detail: str | Promise = ""
    count: int | None = None
    due: date | datetime | None = None
    is_late: bool = False
    tells_due: bool = False
