"""When a reminder goes out, by the rhythm that the person chose."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from .enums import Rhythm

# People read these over breakfast; before eight nobody should be woken by one.
MORNING = time(8, 0)


def next_moment(rhythm: str, now: datetime) -> datetime:
    """The first moment from ``now`` on at which a reminder may go: at once, 8am, or Monday 8am.

    Times are those of Europe/London, through both clock changes.
    """
    if rhythm == Rhythm.AT_ONCE:
        return now
    local = timezone.localtime(now)
    day = local.date() if local.time() <= MORNING else local.date() + timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return timezone.make_aware(datetime.combine(day, MORNING))
