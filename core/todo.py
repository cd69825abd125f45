"""One line of a home page: something that waits for this person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from .dates import nice_date, nice_datetime


@dataclass(frozen=True)
class Todo:
    """What to do, where, and by when; a home page shows late things first, then what waits
    without a date, then the rest by ``due``.

    ``count`` is how many things wait behind the link: it is shown before ``text``, which therefore
    does not repeat it; None for one thing that the text names. ``detail`` says in a few words what
    it is about. ``tells_due`` is true where ``text`` names the date itself, so that it is not said
    twice.
    """

    text: str | Promise
    url: str
    detail: str | Promise = ""
    count: int | None = None
    due: date | datetime | None = None
    is_late: bool = False
    tells_due: bool = False

    @property
    def due_words(self) -> str:
        """The day, and the hour where there is one."""
        if self.due is None:
            return ""
        return nice_datetime(self.due) if isinstance(self.due, datetime) else nice_date(self.due)
