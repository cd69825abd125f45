"""How far a Demonstrator reaches: sites that take part, people whom they serve, month by month.

The curve is drawn from the days on which moves happened, not from those on which they were
recorded. A move that was undone counts nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.charts import BarChart, LineChart, Series

from .enums import TAKING_PART, SiteState
from .models import Demonstrator, SiteMove

MONTHS_BACK = 13
MONTHS_AHEAD = 6
# The title says how much changed since the end of the month this many months ago.
COMPARED_MONTHS = 3


@dataclass(frozen=True)
class MonthPoint:
    """The end of a month (or today, for this month). ``None``: not known, or not planned."""

    month: date
    taking_part: int | None
    people_reached: int | None
    planned: int | None


@dataclass(frozen=True)
class Coverage:
    """The figures. ``people_unknown``: sites of which nobody has said how many people they serve.

    ``eligible_population`` is of the whole place, ``people_served`` of the known sites together.
    """

    by_state: list[tuple[SiteState, int]]
    sites: int
    taking_part: int
    people_served: int
    people_reached: int
    people_unknown: int
    eligible_population: int | None
    months: list[MonthPoint]
    title: str
    site_plural: str
    people_words: str
    has_examples: bool

    @property
    def share(self) -> str:
        """ "23 of 31"."""
        return _of(self.taking_part, self.sites)

    @property
    def people_share(self) -> str:
        """ "14,200 of 21,900"."""
        return _of(self.people_reached, self.people_served)


def coverage(demonstrator: Demonstrator, now: datetime) -> Coverage:
    """The coverage of ``demonstrator`` as it stands at ``now``. Three queries."""
    today = timezone.localdate(now)
    sites = list(demonstrator.sites.only("id", "demonstrator", "state", "population", "is_example"))
    people = {site.pk: site.population or 0 for site in sites}
    counts = Counter(site.state for site in sites)
    inside = [site.pk for site in sites if site.takes_part]
    months = _curve(demonstrator, people, today)
    return Coverage(
        by_state=[(state, counts[state]) for state in SiteState],
        sites=len(sites),
        taking_part=len(inside),
        people_served=sum(people.values()),
        people_reached=sum(people[pk] for pk in inside),
        people_unknown=sum(1 for site in sites if site.population is None),
        eligible_population=demonstrator.eligible_population,
        months=months,
        title=_title(demonstrator, len(inside), len(sites), months, today),
        site_plural=demonstrator.site_plural,
        people_words=demonstrator.people_words,
        has_examples=any(site.is_example for site in sites),
    )


def share_sentence(demonstrator: Demonstrator) -> str:
    """ "24 of 31 general practices take part." One query."""
    states = list(demonstrator.sites.values_list("state", flat=True))
    inside = sum(1 for state in states if state in TAKING_PART)
    return _take_part(demonstrator, inside, len(states)) + "."


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": f"{part:,}", "whole": f"{whole:,}"}


def _take_part(demonstrator: Demonstrator, inside: int, whole: int) -> str:
    words = ngettext(
        "%(part)s of %(whole)s %(sites)s takes part",
        "%(part)s of %(whole)s %(sites)s take part",
        inside,
    )
    sites = demonstrator.site_singular if whole == 1 else demonstrator.site_plural
    return words % {"part": f"{inside:,}", "whole": f"{whole:,}", "sites": sites}


def _title(
    demonstrator: Demonstrator, inside: int, whole: int, months: list[MonthPoint], today: date
) -> str:
    if not whole:
        return _("There are no %(sites)s here yet") % {"sites": demonstrator.site_plural}
    sentence = _take_part(demonstrator, inside, whole)
    known = [point for point in months if point.taking_part is not None]
    if len(known) < 2:
        return sentence
    before = known[max(len(known) - 1 - COMPARED_MONTHS, 0)]
    more = inside - (before.taking_part or 0)
    month = _month_since(before.month, today)
    if not more:
        return _("%(sentence)s, as many as in %(month)s") % {"sentence": sentence, "month": month}
    words = _("%(sentence)s, %(more)s more than in %(month)s")
    if more < 0:
        words = _("%(sentence)s, %(more)s fewer than in %(month)s")
    return words % {"sentence": sentence, "more": abs(more), "month": month}


def _month_since(month: date, today: date) -> str:
    """A month by its name; with the year when it was in another one."""
    return str(MONTHS[month.month]) if month.year == today.year else month_name(month)


def month_name(month: date) -> str:
    """ "May 2022"."""
    return pgettext("a month", "%(month)s %(year)s") % {
        "month": MONTHS[month.month],
        "year": month.year,
    }


def add_months(month: date, count: int) -> date:
    """The first day of the month ``count`` months after ``month``."""
    years, place = divmod(month.month - 1 + count, 12)
    return date(month.year + years, place + 1, 1)


def _span(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = add_months(first, 1)


def _curve(demonstrator: Demonstrator, people: dict[int, int], today: date) -> list[MonthPoint]:
    moves = list(
        SiteMove.objects.standing()
        .filter(site__demonstrator=demonstrator, happened_on__lte=today)
        .order_by("happened_on", "id")
        .values_list("happened_on", "site_id", "target")
    )
    plan = list(demonstrator.plan_points.values_list("month", "sites_planned"))
    this_month = today.replace(day=1)
    begins = [moves[0][0].replace(day=1)] if moves else []
    begins += [plan[0][0]] if plan else []
    first = max(min([*begins, this_month]), add_months(this_month, 1 - MONTHS_BACK))
    planned_until = plan[-1][0] if plan else this_month
    last = min(max(planned_until, this_month), add_months(this_month, MONTHS_AHEAD))
    return list(_points(_span(first, last), moves, dict(plan), people, this_month))


def _points(
    months: Iterable[date],
    moves: list[tuple[date, int, str]],
    plan: dict[date, int],
    people: dict[int, int],
    this_month: date,
) -> Iterator[MonthPoint]:
    states: dict[int, str] = {}
    place = 0
    for month in months:
        end = add_months(month, 1) - timedelta(days=1)
        while place < len(moves) and moves[place][0] <= end:
            states[moves[place][1]] = moves[place][2]
            place += 1
        inside = [pk for pk, state in states.items() if state in TAKING_PART]
        known = month <= this_month
        # A plan holds until its next point: nothing between two points is made up.
        points = [day for day in plan if day <= month]
        yield MonthPoint(
            month=month,
            taking_part=len(inside) if known else None,
            people_reached=sum(people[pk] for pk in inside) if known else None,
            planned=plan[max(points)] if points else None,
        )


def sites_chart(found: Coverage) -> LineChart:
    """Sites that take part over time, against the plan."""
    series = [Series(_("Taking part"), [point.taking_part for point in found.months])]
    if any(point.planned is not None for point in found.months):
        series.append(Series(_("Planned"), [point.planned for point in found.months]))
    return LineChart(
        title=found.title,
        labels=[month_name(point.month) for point in found.months],
        series=series,
        totals=[found.sites] * len(found.months),
        description=_("At the end of each month; this month until today."),
        unit=found.site_plural,
        missing=_("none yet"),
    )


def people_chart(found: Coverage) -> LineChart:
    """People reached over time, of all whom the sites serve."""
    past = [point for point in found.months if point.people_reached is not None]
    values = {"share": found.people_share, "people": found.people_words, "sites": found.site_plural}
    return LineChart(
        title=_("%(share)s %(people)s are with %(sites)s that take part") % values,
        labels=[month_name(point.month) for point in past],
        series=[Series(_("People reached"), [point.people_reached for point in past])],
        totals=[found.people_served] * len(past),
        description=_("At the end of each month; this month until today."),
        unit=found.people_words,
    )


def states_chart(found: Coverage) -> BarChart:
    """How many sites are in each state."""
    return BarChart(
        title=_("%(share)s %(sites)s do not take part yet")
        % {"share": _of(found.sites - found.taking_part, found.sites), "sites": found.site_plural},
        labels=[str(state.label) for state, _count in found.by_state],
        series=[
            Series(found.site_plural.capitalize(), [count for _state, count in found.by_state])
        ],
        totals=[found.sites] * len(found.by_state),
        unit=found.site_plural,
    )
