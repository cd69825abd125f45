"""Dates and times as people say them: "Tuesday 26 July 2022, 2pm", in the portal's time zone."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

# The names of days and months come from Django's catalogue. Its Welsh misspells July, so our own
# catalogue has to carry the word.
gettext_noop("July")


def _local_day(moment: date) -> date:
    """The day of an aware datetime in the current time zone; of anything else as it stands."""
    return _local(moment) if isinstance(moment, datetime) else moment


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day_over(day: date | None) -> datetime | None:
    """The midnight that ends ``day``; ``None`` for ``None``."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def nice_date(moment: date | None) -> str:
    """ "Tuesday 26 July 2022"; nothing for ``None``."""
    if moment is None:
        return ""
    day = _local_day(moment)
    return pgettext("a date", "%(weekday)s %(day)s %(month)s %(year)s") % {
        "weekday": WEEKDAYS[day.weekday()],
        "day": day.day,
        "month": MONTHS[day.month],
        "year": day.year,
    }


def short_date(moment: date | None) -> str:
    """ "26 July 2022", for tables; nothing for ``None``."""
    if moment is None:
        return ""
    day = _local_day(moment)
    return _in_words(day.year, day.month, day.day, get_language())


@lru_cache(maxsize=2_048)
def _in_words(year: int, month: int, day: int, language: str | None) -> str:
    """Kept, since tables show the same days over and over."""
    return pgettext("a date", "%(day)s %(month)s %(year)s") % {
        "day": day,
        "month": MONTHS[month],
        "year": year,
    }


def nice_time(moment: datetime | None) -> str:
    """ "2pm", "2:30pm", "midday", "midnight"; nothing for ``None``."""
    if moment is None:
        return ""
    clock = _local(moment)
    if clock.minute == 0 and clock.hour in (0, 12):
        return _("midnight") if clock.hour == 0 else _("midday")
    minutes = f":{clock.minute:02}" if clock.minute else ""
    half = _("am") if clock.hour < 12 else _("pm")
    return f"{(clock.hour - 1) % 12 + 1}{minutes}{half}"


def nice_datetime(moment: datetime | None) -> str:
    """ "Tuesday 26 July 2022, 2pm"; nothing for ``None``."""
    if moment is None:
        return ""
    return pgettext("a date and time", "%(date)s, %(time)s") % {
        "date": nice_date(moment),
        "time": nice_time(moment),
    }
