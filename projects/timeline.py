"""The milestones of a project on a line of time: where each was planned first and stands now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import MARKS, Chart, _cut, _joined, _short
from core.dates import short_date

from .enums import ChangeStage
from .models import Milestone, MilestoneSlip

LINE = 46
KEY_LINE = 22
DONE, DUE = 2, 1


@dataclass(frozen=True)
class PlannedMilestone:
    """A milestone with its first day, its day now, and how its day was moved."""

    milestone: Milestone
    first: date | None
    slips: list[MilestoneSlip]

    @property
    def now(self) -> date | None:
        """The day on which it was done, or else on which it is due."""
        return self.milestone.done_on or self.milestone.due_on

    @property
    def days_later(self) -> int:
        """How many days later it is due than was planned first; fewer than nought: earlier."""
        due = self.milestone.due_on
        return (due - self.first).days if due and self.first else 0


def planned(milestones: Sequence[Milestone]) -> list[PlannedMilestone]:
    """The milestones by stage and day. Give them with ``slips`` prefetched: no query then."""
    order = {stage.value: place for place, stage in enumerate(ChangeStage)}
    found = []
    for milestone in milestones:
        slips = list(milestone.slips.all())
        days = [*(slip.due_before for slip in slips), milestone.due_on]
        found.append(PlannedMilestone(milestone, next(filter(None, days), None), slips))
    found.sort(key=lambda one: (order[one.milestone.stage], one.now or date.max, one.milestone.pk))
    return found


def moved_words(one: PlannedMilestone) -> str:
    """How much later or earlier, in words; nothing for a day that was never moved."""
    if one.days_later > 0:
        return ngettext("%(days)s day later", "%(days)s days later", one.days_later) % {
            "days": one.days_later
        }
    if one.days_later < 0:
        days = -one.days_later
        return ngettext("%(days)s day earlier", "%(days)s days earlier", days) % {"days": days}
    return ""


@dataclass(frozen=True)
class Timeline(Chart):
    """Each milestone a line of its own; the picture and the table hold the same."""

    rows: Sequence[PlannedMilestone] = field(default_factory=list)
    today: date = date.min

    def columns(self) -> list[str]:
        return [_("Stage"), _("Planned first"), _("Planned now"), _("Done"), _("Moved")]

    def table_rows(self) -> list[tuple[str, list[str]]]:
        return [
            (
                one.milestone.title,
                [
                    str(one.milestone.get_stage_display()),
                    short_date(one.first) or _("No date yet"),
                    short_date(one.milestone.due_on) or _("No date yet"),
                    short_date(one.milestone.done_on) or _("not yet"),
                    moved_words(one) or _("not moved"),
                ],
            )
            for one in self.rows
        ]

    def draw(self) -> SafeString:
        dated = [one for one in self.rows if one.now]
        days = [day for one in dated for day in (one.first, one.now) if day] + [self.today]
        low, high = min(days), max(days)
        y = 3 * KEY_LINE + 30
        bottom = y + LINE * len(dated)
        drawn = [*_legend(), *self._today(low, high, y - 4, bottom), *_ends(low, high, bottom)]
        for one in dated:
            drawn.extend(_row(one, low, high, y))
            y += LINE
        return self._frame(bottom + 44, _joined(drawn))

    def _today(self, low: date, high: date, top: int, bottom: int) -> Iterator[SafeString]:
        x = _x(self.today, low, high)
        side = "start" if x < 15 else "end" if x > 85 else "middle"
        yield format_html(
            '<line class="impact-chart__reference" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
            '<text class="impact-chart__{3}" x="{0}%" y="{4}">{5}</text>',
            _short(x),
            top,
            bottom + 8,
            side,
            bottom + 22,
            _("today"),
        )


def timeline_of(rows: Sequence[PlannedMilestone], today: date) -> Timeline | None:
    """The drawing, with a title that says what it shows; none while no milestone has a date."""
    if not any(one.now for one in rows):
        return None
    later = sum(one.days_later > 0 for one in rows)
    title = ngettext(
        "%(later)s of %(count)s milestone is planned for later than at first",
        "%(later)s of %(count)s milestones are planned for later than at first",
        len(rows),
    ) % {"later": later or _("None"), "count": len(rows)}
    return Timeline(
        title=title,
        labels=[one.milestone.title for one in rows],
        series=[],
        description=_(
            "An open ring is the day planned first, a full mark is the day now. A square mark is"
            " done. The table below has every day."
        ),
        rows=rows,
        today=today,
    )


def _x(day: date, low: date, high: date) -> float:
    return 2 + 96 * ((day - low).days / ((high - low).days or 1))


def _legend() -> Iterator[SafeString]:
    words = [(None, _("planned first")), (DUE, _("planned now")), (DONE, _("done"))]
    for place, (shape, text) in enumerate(words):
        # Below one another: side by side they run into each other on a phone.
        y = KEY_LINE * place + 10
        yield format_html(
            '{}<text x="2%" y="{}" dx="14">{}</text>', _mark(shape, 2, y), y + 5, text
        )


def _mark(shape: int | None, x: float, y: int) -> SafeString:
    """A ring for the day planned first, a full mark for the day now."""
    if shape is None:
        return format_html(
            '<svg x="{}%" y="{}" overflow="visible"><circle r="6" fill="none" '
            'class="impact-chart__stroke-1" stroke-width="2"/></svg>',
            _short(x),
            y,
        )
    return format_html(
        '<svg x="{}%" y="{}" overflow="visible">'
        '<path class="impact-chart__mark impact-chart__fill-{}" d="{}"/></svg>',
        _short(x),
        y,
        3 if shape == DONE else 1,
        MARKS[1 if shape == DONE else 0],
    )


def _row(one: PlannedMilestone, low: date, high: date, y: int) -> Iterator[SafeString]:
    yield format_html(
        '<text x="0" y="{}">{}</text>'
        '<line class="impact-chart__grid" x1="0" x2="100%" y1="{}" y2="{}"/>',
        y + 12,
        _cut(one.milestone.title),
        y + 26,
        y + 26,
    )
    now = one.now or low
    here = _x(now, low, high)
    if one.first and one.first != now:
        first = _x(one.first, low, high)
        yield format_html(
            '<line class="impact-chart__line impact-chart__stroke-1" x1="{}%" x2="{}%" '
            'y1="{}" y2="{}"/>{}',
            _short(first),
            _short(here),
            y + 26,
            y + 26,
            _mark(None, first, y + 26),
        )
    yield _mark(DONE if one.milestone.done_on else DUE, here, y + 26)


def _ends(low: date, high: date, bottom: int) -> Iterator[SafeString]:
    yield format_html(
        '<text x="0" y="{0}">{1}</text><text class="impact-chart__end" x="100%" y="{0}">{2}</text>',
        bottom + 40,
        short_date(low),
        short_date(high),
    )
