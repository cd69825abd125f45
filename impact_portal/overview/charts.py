"""The drawings of the overview: a map of tiles, and bars. The table of each stands below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import BarChart, Chart, Series
from core.enums import Nation

from .figures import kinds
from .selectors import Overview, Table

# Where each tile stands, in shares of the width and in pixels: left, top, width, height. The sizes
# say nothing: the map shows where the nations lie to one another, not how large they are.
TILES = {
    Nation.SCOTLAND: (22, 0, 44, 84),
    Nation.NORTHERN_IRELAND: (0, 92, 44, 84),
    Nation.ENGLAND: (47, 92, 53, 176),
    Nation.WALES: (14, 184, 30, 84),
}
MAP_HEIGHT = 276
# The shades of a tile, from the fewest projects to the most.
SHADES = 4


@dataclass(frozen=True)
class TileMap(Chart):
    """The four nations as tiles, roughly where they lie; each carries its name and its figure.

    ``labels`` are the nations' names and ``places`` their values.
    """

    places: Sequence[str] = field(default_factory=list)

    def draw(self) -> SafeString:
        most = max([*self._values(), 1])
        drawn = [
            self._tile(place, number, float(self.series[0].values[number] or 0) / float(most))
            for number, place in enumerate(self.places)
        ]
        return self._frame(MAP_HEIGHT, format_html_join("", "{}", ((tile,) for tile in drawn)))

    def _tile(self, place: str, number: int, share: float) -> SafeString:
        left, top, width, height = TILES[Nation(place)]
        shade = -(-share * SHADES // 1)
        return format_html(
            '<rect class="impact-map__tile impact-map__tile--{}" x="{}%" y="{}" width="{}%" '
            'height="{}" rx="4"/>'
            '<text class="impact-map__name" x="{}%" y="{}">{}</text>'
            '<text class="impact-map__number" x="{}%" y="{}">{}</text>',
            int(shade), left, top, width, height,
            left + width / 2, top + height // 2 - 8, self.labels[number],
            left + width / 2, top + height // 2 + 18, self.shown(self.series[0], number),
        )  # fmt: skip


def charts_of(shown: Overview) -> dict[str, Chart]:
    """The drawings of the page, made of its tables alone."""
    return {
        "nation_map": _map(shown.tables["nation"]),
        "model_bars": _bars(shown.tables["model"], _("Projects by delivery model"), _("projects")),
        "year_bars": _bars(
            _of_things(shown.tables["years"]),
            _("%(year)s beside %(before)s, without the numbers of people")
            % {"year": shown.years[0], "before": shown.years[1]},
            "",
        ),
    }


def _of_things(table: Table) -> Table:
    """Without the lines that count people: thousands of answers would flatten all other bars."""
    things = {str(kind.name) for kind in kinds if not kind.of_people}
    return replace(table, lines=[line for line in table.lines if line.label in things])


def _series(table: Table) -> list[Series]:
    return [
        Series(name, [line.figures[place].value for line in table.lines])
        for place, name in enumerate(table.columns)
    ]


def _map(table: Table) -> TileMap:
    labels = [line.label for line in table.lines]
    values = {str(label): value for value, label in Nation.choices}
    words = ", ".join(f"{line.label} {line.figures[0].words}" for line in table.lines)
    return TileMap(
        title=_("Projects in each nation"),
        description=_("A map of tiles, not to scale: %(figures)s.") % {"figures": words},
        labels=labels,
        series=_series(table),
        places=[values[label] for label in labels],
    )


def _bars(table: Table, title: str, unit: str) -> BarChart:
    return BarChart(
        title=title,
        labels=[line.label for line in table.lines],
        series=_series(table),
        unit=unit,
        missing=_("hidden or not held"),
    )
