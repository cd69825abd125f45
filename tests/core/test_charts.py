"""Charts: drawn to scale, readable without colour, with a table that says the same."""

import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template

from core.charts import BarChart, LineChart, Series, StackedBarChart, _scale

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(chart):
    return ET.fromstring(
        chart.draw().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def _rendered(chart):
    return Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))


def _texts(chart):
    return [node.text for node in _drawn(chart).iter(f"{SVG}text")]


def _bars(**more):
    return BarChart(
        title="8 of 10 take part", labels=["A", "B"], series=[Series("Sites", [8, 4])], **more
    )


def _lines(**more):
    return LineChart(
        title="Growth",
        labels=["Jan", "Feb", "Mar", "Apr"],
        series=[Series("Reached", [10, None, 30, 40]), Series("Planned", [10, 20, 30, 40])],
        **more,
    )


def test_bars_are_drawn_to_scale():
    widths = [float(node.get("width").rstrip("%")) for node in _drawn(_bars()).iter(f"{SVG}rect")]
    assert widths == [70, 35]


def test_bars_are_scaled_to_the_largest_total():
    widths = [
        float(node.get("width").rstrip("%"))
        for node in _drawn(_bars(totals=[10, 16])).iter(f"{SVG}rect")
    ]
    assert widths == [35, 17.5]


def test_values_carry_their_denominator():
    assert _texts(_bars(totals=[10, 10])) == ["A", "8 of 10", "B", "4 of 10"]


def test_a_missing_value_is_said_in_words():
    chart = BarChart(title="t", labels=["A"], series=[Series("s", [None])], missing="fewer than 5")
    assert _texts(chart) == ["A", "fewer than 5"]
    assert chart.table_rows() == [("A", ["fewer than 5"])]


def test_the_drawing_names_and_describes_itself():
    drawing = _drawn(_bars(description="The south leads."))
    title, described = drawing.get("aria-labelledby").split()
    assert drawing.get("role") == "img"
    assert drawing.find(f"{SVG}title").text == "8 of 10 take part"
    assert drawing.find(f"{SVG}title").get("id") == title
    assert drawing.find(f"{SVG}desc").text == "The south leads."
    assert drawing.find(f"{SVG}desc").get("id") == described


@pytest.mark.parametrize(
    "chart", [_bars(), _lines(), StackedBarChart("t", ["A"], [Series("s", [1]), Series("u", [2])])]
)
def test_a_chart_has_no_inline_style_and_its_own_ids(chart):
    html = _rendered(chart)
    assert "style=" not in html
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert all(name.startswith(chart.key) for name in ids)


def test_the_table_says_what_the_drawing_says():
    html = _rendered(_bars(unit="sites"))
    assert "The figures (sites)" in html
    assert '<th scope="row">A</th><td class="impact-table__number">8</td>' in html


def test_series_differ_by_pattern_too():
    chart = StackedBarChart("t", ["A"], [Series(str(number), [1]) for number in range(6)])
    patterns = list(_drawn(chart).iter(f"{SVG}pattern"))
    assert len(patterns) == 5
    assert len({pattern.find(f"{SVG}path").get("d") for pattern in patterns}) == 5


def test_segments_of_a_stack_fill_the_bar():
    chart = StackedBarChart("t", ["A"], [Series("s", [1]), Series("u", [3])])
    bars = [node for node in _drawn(chart).iter(f"{SVG}rect") if node.get("height") == "24"]
    assert [(node.get("x"), node.get("width")) for node in bars] == [("0%", "25%"), ("25%", "75%")]


def test_an_empty_stack_is_drawn_without_segments():
    chart = StackedBarChart("t", ["A"], [Series("s", [0]), Series("u", [None])])
    assert "of 0" in _texts(chart)


def test_a_line_does_not_bridge_a_missing_value():
    lines = [node.get("points") for node in _drawn(_lines()).iter(f"{SVG}polyline")]
    assert [line.count(",") for line in lines] == [1, 2, 4]


def test_notes_are_numbered_in_drawing_and_table():
    chart = _lines(notes={"Mar": "Second coach"})
    assert "1" in _texts(chart)
    assert chart.table_rows()[2] == ("Mar", ["30", "30", "1: Second coach"])
    assert chart.table_rows()[0] == ("Jan", ["10", "10", ""])
    assert chart.columns() == ["Reached", "Planned", "What happened"]


def test_reference_lines_are_named():
    drawing = _drawn(_lines(references={"Target": 60}))
    assert "Target 60" in ["".join(node.itertext()) for node in drawing.iter(f"{SVG}text")]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 13])
def test_a_line_chart_of_any_length_is_drawn(count):
    labels = [f"Month {number}" for number in range(count)]
    assert _drawn(LineChart("t", labels, [Series("s", list(range(count)))])) is not None


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([], (0, 0.5, 0.5)),
        ([7], (0, 8, 2)),
        ([1480, 1400], (0, 1500, 500)),
        ([-3, 5], (-4, 6, 2)),
        ([0.3], (0, 0.3, 0.1)),
        ([1_000_000], (0, 1_000_000, 500_000)),
    ],
)
def test_an_axis_has_round_steps(values, scale):
    assert _scale(values) == pytest.approx(scale)


def test_names_from_people_are_escaped():
    chart = BarChart("<script>", ['"><b>'], [Series("<i>", [1])], description="<u>")
    html = _rendered(chart)
    assert "<script>" not in html and "<b>" not in html and "<u>" not in html
