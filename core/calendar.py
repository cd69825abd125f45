"""One line of a person's calendar, as the rooms give them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise

# How many lines of one kind a room gives at most.
MOST = 300


@dataclass(frozen=True)
class CalendarEntry:
    """Something with a day, or with an hour, that a person may know of.

    ``kind`` is a value of :class:`core.enums.CalendarKind`; ``key`` names the thing for ever, so
    that a calendar program knows it again; ``title`` and ``place`` are all that leaves the portal
    beside the link. ``changed_at`` is when the thing was last changed.
    """

    kind: str
    key: str
    title: str | Promise
    start: date | datetime
    url: str
    changed_at: datetime
    end: datetime | None = None
    place: str = ""
    whose: str = ""
    is_cancelled: bool = False

    @property
    def day(self) -> date:
        """The day in the portal's time zone."""
        return timezone.localdate(self.start) if isinstance(self.start, datetime) else self.start

    @property
    def has_hour(self) -> bool:
        return isinstance(self.start, datetime)
