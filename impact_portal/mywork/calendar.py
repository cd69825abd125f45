"""The calendar of all that concerns a person, gathered from the rooms."""

import calendar as months
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

from accounts import calendar as accounts
from coproduction import calendar as coproduction
from core.calendar import CalendarEntry
from core.dates import nice_date, nice_time
from demonstrators import calendar as demonstrators
from expressions import calendar as expressions
from guides import calendar as guides
from meetings import calendar as meetings
from partners import calendar as partners
from projects import calendar as projects
from surveys import calendar as surveys

# The rooms whose calendar has a calendar_for, in no order: the lines are sorted by time.
ROOMS: list[ModuleType] = [
    accounts, coproduction, demonstrators, expressions, guides, meetings, partners, projects,
    surveys,
]  # fmt: skip
# The list looks so far ahead from its first day.
AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Day:
    """One day of the list or of the month, with what is on it."""

    day: date
    entries: list[CalendarEntry]
    in_month: bool = True
    is_today: bool = False

    @property
    def words(self) -> str:
        return nice_date(self.day)


def entries(user: Any, first: date, last: date, kinds: Collection[str] = ()) -> list[CalendarEntry]:
    """What concerns ``user`` from ``first`` to ``last``, both included, by time.

    ``kinds``: only these; all where it is empty. At most fifteen queries.
    """
    found = [one for room in ROOMS for one in room.calendar_for(user, first, last)]
    chosen = [one for one in found if not kinds or one.kind in kinds]
    return sorted(chosen, key=_order)


def _order(one: CalendarEntry) -> tuple[date, bool, str, str]:
    hour = one.start.isoformat() if one.has_hour else ""
    return one.day, one.has_hour, hour, one.key


def agenda(found: list[CalendarEntry], today: date) -> list[Day]:
    """The days that have something, in their order."""
    by_day = defaultdict(list)
    for one in found:
        by_day[one.day].append(one)
    return [Day(day, lines, is_today=day == today) for day, lines in sorted(by_day.items())]


def weeks_of(month: date, found: list[CalendarEntry], today: date) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday, each day with what is on it."""
    by_day = {day.day: day.entries for day in agenda(found, today)}
    weeks = months.Calendar().monthdatescalendar(month.year, month.month)
    return [
        [Day(day, by_day.get(day, []), day.month == month.month, day == today) for day in week]
        for week in weeks
    ]


def clock_words(one: CalendarEntry) -> str:
    """ "2pm to 4pm"; nothing for something that has a day alone."""
    if not one.has_hour:
        return ""
    begins = nice_time(one.start)  # type: ignore[arg-type]
    return f"{begins} – {nice_time(one.end)}" if one.end else begins
