"""A person's calendar as an iCalendar file, for their own calendar program (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.occasions import Occasion

from .calendar import FEED_AHEAD, FEED_BACK, occasions_of

# Sequence numbers must grow with each change and fit into 32 bits: seconds since this moment.
SEQUENCE_FROM = datetime(2022, 1, 1, tzinfo=UTC)


def feed_of(person: Any, now: datetime, site: str) -> bytes:
    """What concerns ``person`` around ``now``. ``site``: the portal's address, without a slash.

    The same rows give the same bytes, so that a program which asks again gets "not modified".
    """
    today = timezone.localdate(now)
    first, last = today - timedelta(days=FEED_BACK), today + timedelta(days=FEED_AHEAD)
    with translation.override(person.language):
        calendar = Calendar()
        calendar.add("prodid", "-//IMPACT//Portal//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("IMPACT: my dates"))
        calendar.add("refresh-interval;value=duration", "PT4H")
        for occasion in occasions_of(person, first, last):
            calendar.add_component(_event(occasion, site))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(occasion: Occasion, site: str) -> Event:
    event = Event()
    event.add("uid", f"{occasion.key}@{urlsplit(site).hostname}")
    event.add("summary", f"{occasion.kind_label}: {occasion.title}")
    event.add("url", f"{site}{occasion.url}")
    event.add("dtstamp", occasion.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", occasion.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", max(0, int((occasion.changed_at - SEQUENCE_FROM).total_seconds())))
    event.add("status", "CANCELLED" if occasion.is_cancelled else "CONFIRMED")
    if occasion.place:
        event.add("location", occasion.place)
    if occasion.detail:
        event.add("description", occasion.detail)
    _add_times(event, occasion)
    return event


def _add_times(event: Event, occasion: Occasion) -> None:
    """A whole day, or from its beginning to its end; without an end it is a moment."""
    if occasion.time is None:
        day: date = occasion.day
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", occasion.time)
    if occasion.ends:
        event.add("dtend", timezone.localtime(occasion.ends))
