"""The calendar of a person, gathered from the rooms."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

import coproduction.occasions
import expressions.occasions
import guides.occasions
import meetings.occasions
import partners.occasions
import projects.occasions
import surveys.occasions
from core.occasions import Occasion, Occasions

ROOMS: list[Occasions] = [
    room.occasions
    for room in (
        coproduction.occasions,
        expressions.occasions,
        guides.occasions,
        meetings.occasions,
        partners.occasions,
        projects.occasions,
        surveys.occasions,
    )
]

# How far the list of the coming weeks reaches, in days.
WEEKS = 12 * 7
# How far back and ahead a calendar program is told, in days.
FEED_BACK, FEED_AHEAD = 60, 400


@dataclass(frozen=True)
class Day:
    """A day with what is on it. ``is_outside``: of the month before or after."""

    date: date
    occasions: Sequence[Occasion]
    is_today: bool = False
    is_outside: bool = False


@dataclass(frozen=True)
class Month:
    """A month as weeks of days, from Monday to Sunday."""

    first: date
    weeks: Sequence[Sequence[Day]]

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def occasions_of(user: Any, first: date, last: date) -> list[Occasion]:
    """What concerns ``user`` from ``first`` to ``last``, both included, in order of time."""
    found = [one for room in ROOMS for one in room(user, first, last)]
    return sorted(found, key=_place)


def _place(one: Occasion) -> tuple[date, bool, datetime, str]:
    """By day; whole days first."""
    moment = one.time
    return one.day, moment is not None, moment or timezone.now(), one.key


def kinds_in(occasions: Iterable[Occasion]) -> list[tuple[str, str]]:
    """(slug, words) of the kinds that occur, by their words."""
    return sorted(
        {one.kind: str(one.kind_label) for one in occasions}.items(), key=lambda pair: pair[1]
    )


def agenda(occasions: Iterable[Occasion], today: date) -> list[Day]:
    """The days that have something, in order."""
    return [
        Day(day, list(found), is_today=day == today)
        for day, found in groupby(occasions, key=lambda one: one.day)
    ]


def month_of(day: date, occasions: Iterable[Occasion], today: date) -> Month:
    """The month of ``day``, with the days of other months that fill its weeks left empty."""
    on: dict[date, list[Occasion]] = {}
    for one in occasions:
        on.setdefault(one.day, []).append(one)
    weeks = calendar.Calendar().monthdatescalendar(day.year, day.month)
    return Month(
        day.replace(day=1),
        [
            [
                Day(
                    each,
                    [] if each.month != day.month else on.get(each, []),
                    is_today=each == today,
                    is_outside=each.month != day.month,
                )
                for each in week
            ]
            for week in weeks
        ],
    )
