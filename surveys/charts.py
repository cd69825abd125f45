"""The charts of the results; their titles say what they show."""

from django.utils.translation import gettext as _

from core.charts import BarChart, Chart, Series

from .results import CrossTab, OneWay, percent


def hidden_words() -> str:
    """What stands where a number is hidden."""
    return _("not shown")


def one_way_chart(table: OneWay) -> Chart | None:
    """How many chose what; ``None`` where nothing may be shown or nobody answered."""
    if not table.base or table.is_withheld:
        return None
    lines = table.lines
    return BarChart(
        title=_title(table),
        labels=[
            line.choice.text if line.count is None else f"{line.percent}% {line.choice.text}"
            for line in lines
        ],
        series=[Series(_("People"), [line.count for line in lines])],
        totals=[table.base] * len(lines),
        unit=_("people"),
        missing=hidden_words(),
        description=_(
            "Of the people who answered, in the order in which the answers were offered."
        ),
    )


def _title(table: OneWay) -> str:
    shown = [line for line in table.lines if line.count is not None]
    top = max(shown, key=lambda line: line.count or 0)
    return _("%(count)s of %(base)s said “%(answer)s”") % {
        "count": f"{top.count:,}",
        "base": f"{table.base:,}",
        "answer": top.choice.text,
    }


def crosstab_chart(table: CrossTab) -> Chart | None:
    """Shares by nation or role; ``None`` where there are more columns than a chart can carry."""
    shown = [place for place, base in enumerate(table.bases) if base]
    if table.is_withheld or not 1 < len(shown) <= 6:
        return None
    return BarChart(
        title=_("Answers in per cent of the people in each group who answered"),
        labels=[row.choice.text for row in table.rows],
        series=[
            Series(
                table.columns[place].text,
                [percent(row.cells[place], table.bases[place]) for row in table.rows],
            )
            for place in shown
        ],
        unit=_("per cent"),
        missing=hidden_words(),
    )
