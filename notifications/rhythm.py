"""When a reminder goes out: by the rhythm that the person chose, and never at night.

All times of day are those of Europe/London, through both clock changes.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from .enums import Rhythm


def is_quiet(now: datetime) -> bool:
    """Whether it is night: between ``REMINDERS_UNTIL`` and ``REMINDERS_FROM`` o'clock."""
    hour = timezone.localtime(now).hour
    return not settings.REMINDERS_FROM <= hour < settings.REMINDERS_UNTIL


def next_moment(rhythm: str, now: datetime) -> datetime:
    """The first moment from ``now`` on at which a reminder may go: at once, or in the morning.

    At once is the next morning when it is night; a daily rhythm is the next morning, a weekly
    one that of the next Monday.
    """
    if rhythm == Rhythm.AT_ONCE and not is_quiet(now):
        return now
    morning = time(settings.REMINDERS_FROM)
    local = timezone.localtime(now)
    day = local.date() if local.time() <= morning else local.date() + timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return timezone.make_aware(datetime.combine(day, morning))


def day_began(now: datetime) -> datetime:
    """The last midnight."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
