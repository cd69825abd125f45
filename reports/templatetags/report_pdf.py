"""What the PDF templates of reports use."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.charts import Chart

register = template.Library()


@register.inclusion_tag("reports/pdf/chart.html")
def pdf_chart(chart: Chart) -> dict[str, object]:
    """A chart and the table of its figures, for print.

    A PDF's drawing sees no style sheet of the page, so its styles go into the drawing itself.
    """
    drawing = chart.draw()
    opening, rest = drawing.split(">", 1)
    style = render_to_string("reports/pdf/chart.css")
    # Both parts are this project's own; the drawing has escaped what it was given.
    styled = SafeString(f"{opening}><style>{style}</style>{rest}")
    return {
        "chart": chart,
        "drawing": styled,
        "columns": chart.columns(),
        "rows": chart.table_rows(),
    }
