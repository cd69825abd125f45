"""A person's calendar as an iCalendar file (RFC 5545), for the calendar program they use."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from core.calendar import CalendarEntry

from .calendar import entries

BEFORE = timedelta(days=60)
AHEAD = timedelta(days=400)
MOST = 1_000
# Programs ask again after this time.
AGAIN_AFTER = timedelta(hours=6)
# SEQUENCE counts whole seconds from here: it grows with each change, and fits 32 bits.
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def feed_of(person: Any, now: datetime) -> tuple[bytes, str]:
    """The file for ``person`` as of ``now``, and its ETag.

    It holds titles, places and links alone, of what the person may see at this very moment.
    """
    today = timezone.localdate(now)
    found = entries(person, today - BEFORE, today + AHEAD)[:MOST]
    body = _calendar(found).to_ical()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _calendar(found: list[CalendarEntry]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//IMPACT//portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("IMPACT portal"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", vDuration(AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    for one in found:
        calendar.add_component(_event(one))
    calendar.add_missing_timezones()
    return calendar


def _event(one: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{urlsplit(settings.PORTAL_BASE_URL).hostname}")
    event.add("summary", f"{one.title} ({one.whose})" if one.whose else str(one.title))
    # The stamp is that of the change, so that nothing changed gives the very same file.
    changed = one.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(0, int((changed - COUNTED_FROM).total_seconds())))
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("url", settings.PORTAL_BASE_URL.rstrip("/") + one.url)
    if one.place:
        event.add("location", one.place)
    _add_times(event, one)
    return event


def _add_times(event: Event, one: CalendarEntry) -> None:
    """An hour in London's time; a day alone as a whole day that keeps nobody busy."""
    if isinstance(one.start, datetime):
        event.add("dtstart", timezone.localtime(one.start))
        if one.end:
            event.add("dtend", timezone.localtime(one.end))
        return
    day: date = one.start
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
