"""One thing that has a day: what the calendar shows of a room's rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class Occasion:
    """Something on a day, or at a time, that concerns somebody.

    ``key`` is the same for the same thing for ever, such as "meetings.meeting:12". ``kind`` is a
    slug and ``kind_label`` says it in words. ``starts`` is a day for what has no time; ``ends`` is
    the moment at which it is over, if that is known. ``changed_at``: when it was last changed.
    """

    key: str
    kind: str
    kind_label: str | Promise
    title: str
    url: str
    starts: date | datetime
    changed_at: datetime
    ends: datetime | None = None
    place: str = ""
    detail: str = ""
    is_cancelled: bool = False

    @property
    def day(self) -> date:
        """The day in London on which it is."""
        if isinstance(self.starts, datetime):
            return timezone.localdate(self.starts)
        return self.starts

    @property
    def time(self) -> datetime | None:
        """The moment at which it begins; nothing where a day is all there is."""
        return timezone.localtime(self.starts) if isinstance(self.starts, datetime) else None


# What a room offers: the occasions of a person from one day to another, both included.
Occasions = Callable[[Any, date, date], Iterable[Occasion]]
