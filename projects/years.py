"""The years of the programme: calendar years, as its phases are (docs/programme-data.md)."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

# The establishment phase began on 1 January 2022.
FIRST_YEAR = 2022
# In an address: projects without a first day, which stand in no year.
NO_YEAR = "none"


def year_choices(today: date) -> list[tuple[str, str]]:
    """The years so far, the latest first, as choices of a filter."""
    return [
        (str(year), str(year)) for year in range(max(today.year, FIRST_YEAR), FIRST_YEAR - 1, -1)
    ]


def list_year_choices() -> list[tuple[str, str]]:
    """The same for the list of projects, with those that stand in no year."""
    return [*year_choices(timezone.localdate()), (NO_YEAR, _("No first day yet"))]


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of ``year``."""
    return date(year, 1, 1), date(year, 12, 31)


def moments_of(year: int) -> tuple[datetime, datetime]:
    """The first moment of ``year`` and that of the next, by London's clocks."""
    first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
    return _midnight(first), _midnight(next_first)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
