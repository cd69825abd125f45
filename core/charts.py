"""Charts drawn on the server as inline SVG, each with the table of its figures.

Widths are per cent and letters keep their size, so a chart reads at 320 px as on a wide screen.
Colour is never alone: bars carry patterns, lines carry dashes and marks, all carry their values.
Show one with ``{% chart chart %}`` from ``core.templatetags.ui``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number = int | float | Decimal

STYLES = 6
ROW = 22
BAR = 24
PLOT_HEIGHT = 220
BAR_SHARE = 70
LONGEST_LABEL = 38
DASHES = ["", "8 4", "2 4", "12 4 2 4", "4 2", "1 3"]
MARKS = [
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M-5-5h10v10h-10z",
    "M0-6L6 5H-6z",
    "M0-7L6 0L0 7L-6 0z",
    "M-6-5H6L0 6z",
    "M-6-2h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
]
HATCHES = ["", "M0 8L8 0", "M4 3v2", "M0 0L8 8M0 8L8 0", "M0 4h8", "M4 0v8"]


@dataclass(frozen=True)
class Series:
    """One row of figures under a name, one for each label; ``None`` where there is none."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Chart:
    """What all charts have.

    ``title`` says what the chart shows ("23 of 31 practices take part, 6 more than in May");
    ``description`` tells somebody who cannot see it its shape, and the source; ``unit`` is what is
    counted; ``missing`` stands where a value is ``None``, such as "fewer than 5".
    """

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    description: str = ""
    unit: str = ""
    missing: str = ""
    totals: Sequence[Number] | None = None

    def columns(self) -> list[str]:
        return [series.name for series in self.series]

    def table_rows(self) -> list[tuple[str, list[str]]]:
        return [
            (label, [self.shown(series, place) for series in self.series])
            for place, label in enumerate(self.labels)
        ]

    def shown(self, series: Series, place: int) -> str:
        """A value in words: "23", or "23 of 31" where the chart has totals."""
        value = series.values[place]
        if value is None:
            return self.missing or _("no data")
        if self.totals is None:
            return _number(value)
        return _("%(part)s of %(whole)s") % {
            "part": _number(value),
            "whole": _number(self.totals[place]),
        }

    def draw(self) -> SafeString:
        """The SVG, without the table."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """A name for the ids inside the drawing; the same chart has the same one."""
        content = [str(self.title), *map(str, self.labels)]
        content += [f"{series.name} {list(series.values)}" for series in self.series]
        return "chart-" + hashlib.sha256("|".join(content).encode()).hexdigest()[:10]

    def _values(self) -> list[Number]:
        return [value for series in self.series for value in series.values if value is not None]

    def _frame(self, height: int, body: SafeString) -> SafeString:
        return format_html(
            '<svg class="impact-chart__svg" role="img" aria-labelledby="{0}-title {0}-desc" '
            'width="100%" height="{1}"><title id="{0}-title">{2}</title>'
            '<desc id="{0}-desc">{3}</desc>{4}{5}</svg>',
            self.key,
            height,
            self.title,
            self.description or _("The figures are in the table below."),
            self._hatches(),
            body,
        )

    def _hatches(self) -> SafeString:
        styles = (
            (self.key, style + 1, HATCHES[style])
            for style in range(1, min(len(self.series), STYLES))
        )
        patterns = format_html_join(
            "",
            '<pattern id="{0}-{1}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<rect class="impact-chart__fill-{1}" width="8" height="8"/>'
            '<path class="impact-chart__hatch-{1}" d="{2}"/></pattern>',
            styles,
        )
        return format_html("<defs>{}</defs>", patterns) if patterns else SafeString("")

    def _bar(self, style: int, x: float, y: float, width: float) -> SafeString:
        number = style % STYLES + 1
        if number == 1:
            fill = SafeString('class="impact-chart__bar impact-chart__fill-1"')
        else:
            fill = format_html('class="impact-chart__bar" fill="url(#{}-{})"', self.key, number)
        return format_html(
            '<rect {} x="{}%" y="{}" width="{}%" height="{}"/>',
            fill,
            _short(x),
            y,
            _short(width),
            BAR,
        )

    def _legend(self) -> SafeString:
        """One line for each series, a swatch and its name; none for a chart of one series."""
        if len(self.series) < 2:
            return SafeString("")
        lines = []
        for style, series in enumerate(self.series):
            number = style % STYLES + 1
            fill = f"url(#{self.key}-{number})" if number > 1 else ""
            lines.append((number, fill, style * ROW + 2, style * ROW + 15, _cut(series.name)))
        return format_html_join(
            "",
            '<rect class="impact-chart__bar impact-chart__swatch-{}" fill="{}" x="1" y="{}" '
            'width="24" height="15"/><text x="34" y="{}">{}</text>',
            lines,
        )

    @property
    def _legend_height(self) -> int:
        return len(self.series) * ROW + 8 if len(self.series) > 1 else 0


@dataclass(frozen=True)
class BarChart(Chart):
    """Bars that lie, a group for each label; ``totals`` gives every value its denominator."""

    def draw(self) -> SafeString:
        top = float(max([*self._values(), *(self.totals or []), 0])) or 1.0
        y = self._legend_height
        drawn = [self._legend()]
        for place, label in enumerate(self.labels):
            drawn.append(
                format_html(
                    '<text class="impact-chart__name" x="0" y="{}">{}</text>', y + 15, _cut(label)
                )
            )
            y += ROW
            for style, series in enumerate(self.series):
                width = float(series.values[place] or 0) / top * BAR_SHARE
                drawn.append(self._bar(style, 0, y, width))
                drawn.append(
                    format_html(
                        '<text x="{}%" y="{}" dx="8">{}</text>',
                        _short(width),
                        y + 17,
                        self.shown(series, place),
                    )
                )
                y += BAR + 4
            y += 6
        return self._frame(y, _joined(drawn))


@dataclass(frozen=True)
class StackedBarChart(Chart):
    """One bar for each label, cut into the series' shares of that label's sum."""

    def draw(self) -> SafeString:
        y = self._legend_height
        drawn = [self._legend()]
        for place, label in enumerate(self.labels):
            values = [float(series.values[place] or 0) for series in self.series]
            whole = sum(values)
            drawn.append(
                format_html(
                    '<text class="impact-chart__name" x="0" y="{}">{}</text>'
                    '<text class="impact-chart__end" x="100%" y="{}">{}</text>',
                    y + 15,
                    _cut(label, LONGEST_LABEL - 10),
                    y + 15,
                    _("of %(whole)s") % {"whole": _number(whole)},
                )
            )
            y += ROW
            x = 0.0
            for style, value in enumerate(values):
                width = value / whole * 100 if whole else 0
                if width:
                    drawn.append(self._bar(style, x, y, width))
                    drawn.extend(self._share(value, x, y, width))
                x += width
            y += BAR + 10
        return self._frame(y, _joined(drawn))

    def _share(self, value: float, x: float, y: int, width: float) -> Iterator[SafeString]:
        """The value on a plate inside its segment, where the segment is wide enough for both."""
        if width < 12:
            return
        middle = _short(x + width / 2)
        text = _number(value)
        plate = 10 + 9 * len(text)
        yield format_html(
            '<svg x="{}%" y="{}" overflow="visible"><rect class="impact-chart__plate" x="{}" y="3" '
            'width="{}" height="18" rx="3"/>'
            '<text class="impact-chart__middle" x="0" y="17">{}</text></svg>',
            middle,
            y,
            -plate / 2,
            plate,
            text,
        )


@dataclass(frozen=True)
class LineChart(Chart):
    """Lines over time.

    ``references`` are level lines by name, such as {"Target": 80}; ``notes`` are words about what
    happened, by label: they are numbered in the drawing and stand in the table.
    """

    references: Mapping[str, Number] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> list[str]:
        return [*super().columns(), *([_("What happened")] if self.notes else [])]

    def table_rows(self) -> list[tuple[str, list[str]]]:
        rows = super().table_rows()
        if not self.notes:
            return rows
        numbers = {label: number for number, label in enumerate(self._noted(), start=1)}
        return [
            (label, [*values, f"{numbers[label]}: {self.notes[label]}" if label in numbers else ""])
            for label, values in rows
        ]

    def draw(self) -> SafeString:
        low, high, step = _scale([*self._values(), *self.references.values()])
        top = self._legend_height + ROW
        drawn = [
            self._legend(),
            *self._grid(low, high, step, top),
            *self._references(low, high, top),
        ]
        drawn.extend(self._note_marks(top))
        for style, series in enumerate(self.series):
            drawn.extend(self._line(style, series, low, high, top))
        drawn.extend(self._axis_labels(top + PLOT_HEIGHT + 20))
        return self._frame(top + PLOT_HEIGHT + 30, _joined(drawn))

    def _noted(self) -> list[str]:
        return [label for label in self.labels if label in self.notes]

    def _x(self, place: int) -> float:
        return 2 + 96 * (place / (len(self.labels) - 1) if len(self.labels) > 1 else 0.5)

    def _grid(self, low: float, high: float, step: float, top: int) -> Iterator[SafeString]:
        for count in range(round((high - low) / step) + 1):
            value = low + count * step
            y = _short(_height(value, low, high, top))
            yield format_html(
                '<line class="impact-chart__{}" x1="0" x2="100%" y1="{}" y2="{}"/>'
                '<text class="impact-chart__tick" x="0" y="{}" dy="-4">{}</text>',
                "axis" if value == low else "grid",
                y,
                y,
                y,
                _number(round(value, 6)),
            )

    def _references(self, low: float, high: float, top: int) -> Iterator[SafeString]:
        for name, value in self.references.items():
            y = _short(_height(float(value), low, high, top))
            yield format_html(
                '<line class="impact-chart__reference" x1="0" x2="100%" y1="{}" y2="{}"/>'
                '<text class="impact-chart__label" x="50%" y="{}" dy="5">{} {}</text>',
                y,
                y,
                y,
                name,
                _number(value),
            )

    def _note_marks(self, top: int) -> Iterator[SafeString]:
        for number, label in enumerate(self._noted(), start=1):
            x = _short(self._x(list(self.labels).index(label)))
            yield format_html(
                '<line class="impact-chart__note-line" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
                '<text class="impact-chart__middle impact-chart__name" x="{0}%" y="{1}" dy="-4">'
                "{3}</text>",
                x,
                top,
                top + PLOT_HEIGHT,
                number,
            )

    def _line(
        self, style: int, series: Series, low: float, high: float, top: int
    ) -> Iterator[SafeString]:
        number, shape = style % STYLES + 1, style % STYLES
        points = [
            None if value is None else (self._x(place), _height(float(value), low, high, top))
            for place, value in enumerate(series.values)
        ]
        bottom = top + PLOT_HEIGHT + 30
        runs = format_html_join(
            "",
            '<polyline class="impact-chart__line impact-chart__stroke-{}" stroke-dasharray="{}" '
            'vector-effect="non-scaling-stroke" points="{}"/>',
            (
                (
                    number,
                    DASHES[shape] or "none",
                    " ".join(f"{_short(x)},{_short(y)}" for x, y in run),
                )
                for run in _runs(points)
            ),
        )
        yield format_html(
            '<svg width="100%" height="{0}" viewBox="0 0 100 {0}" preserveAspectRatio="none">'
            "{1}</svg>",
            bottom,
            runs,
        )
        for point in points:
            if point:
                yield format_html(
                    '<svg x="{}%" y="{}" overflow="visible"><path class="impact-chart__mark '
                    'impact-chart__fill-{}" d="{}"/></svg>',
                    _short(point[0]),
                    _short(point[1]),
                    number,
                    MARKS[shape],
                )

    def _axis_labels(self, y: int) -> Iterator[SafeString]:
        """The first, the middle and the last label: more would run into one another on a phone."""
        last = len(self.labels) - 1
        places = (
            {0: "start", last // 2: "middle", last: "end"}
            if last > 1
            else dict.fromkeys(range(last + 1), "middle")
        )
        if last == 1:
            places = {0: "start", 1: "end"}
        for place, side in places.items():
            yield format_html(
                '<text class="impact-chart__{}" x="{}%" y="{}">{}</text>',
                side,
                _short(self._x(place)),
                y,
                _cut(str(self.labels[place]), 14),
            )

    def _legend(self) -> SafeString:
        if len(self.series) < 2:
            return SafeString("")
        return format_html_join(
            "",
            '<line class="impact-chart__line impact-chart__stroke-{0}" stroke-dasharray="{1}" '
            'x1="0" x2="36" y1="{2}" y2="{2}"/><svg x="18" y="{2}" overflow="visible">'
            '<path class="impact-chart__mark impact-chart__fill-{0}" d="{3}"/></svg>'
            '<text x="46" y="{4}">{5}</text>',
            (
                (
                    style % STYLES + 1,
                    DASHES[style % STYLES] or "none",
                    style * ROW + 10,
                    MARKS[style % STYLES],
                    style * ROW + 15,
                    _cut(series.name),
                )
                for style, series in enumerate(self.series)
            ),
        )

    def _hatches(self) -> SafeString:
        return SafeString("")


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Points in unbroken runs: a line never bridges a missing value."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def _height(value: float, low: float, high: float, top: int) -> float:
    return top + PLOT_HEIGHT * (high - value) / (high - low)


def _scale(values: Sequence[Number]) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis that holds nought and every value, in round numbers."""
    low, high = min([0.0, *map(float, values)]), max([0.0, *map(float, values)])
    span = (high - low) or 1.0
    power = 10.0
    while power > span / 4:
        power /= 10
    while power * 10 <= span / 4:
        power *= 10
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= span / 4)
    first, last = int(low // step), -int(-high // step)
    return first * step, max(last, first + 1) * step, step


def _number(value: Number) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _cut(text: str, longest: int = LONGEST_LABEL) -> str:
    """A label that fits a phone; the table has the whole one."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
