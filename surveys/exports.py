"""The results and the codebook as rows of a CSV file, suppressed as on the pages."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .charts import hidden_words
from .enums import QuestionKind
from .models import Survey
from .questionnaire import Item, questionnaire
from .results import CrossTab, OneWay, Results, percent, strands
from .selectors import sides_of

Rows = Iterator[list[Any]]


def table_header() -> list[str]:
    """The columns of the results file: one row a count."""
    return [
        _("question"),
        _("wording"),
        _("thing rated"),
        _("table"),
        _("group"),
        _("answer"),
        _("people"),
        _("people who answered"),
        _("per cent"),
    ]


def table_rows(results: Results) -> Rows:
    """Every count of every question: altogether, by nation and by role."""
    for item in results.form.items:
        result = results.of(item)
        lead = [item.code, str(item.text)]
        yield [*lead, "", _("asked"), "", "", _shown(result.asked), "", ""]
        yield [*lead, "", _("answered"), "", "", _shown(result.answered), _shown(result.asked), ""]
        for table in result.tables:
            yield from _one_way_rows(lead, table)
        for ranked in result.ranking:
            for name, number in [
                (_("ranked it"), ranked.ranked),
                (_("mean rank"), ranked.mean_rank and round(ranked.mean_rank, 2)),
                (_("Borda points"), ranked.points),
            ]:
                yield [*lead, "", name, "", ranked.choice.text, _shown(number), "", ""]
        for strand in strands(item):
            for side in sides_of(item):
                yield from _crosstab_rows(lead, results.crosstab(strand, side))


def _one_way_rows(lead: list[str], table: OneWay) -> Rows:
    for line in table.lines:
        numbers = [_shown(line.count), _shown(table.base), _shown(line.percent)]
        yield [*lead, table.strand.label, _("all"), "", line.choice.text, *numbers]
    if table.mean is not None:
        yield [*lead, table.strand.label, _("mean"), "", "", round(table.mean, 2), table.base, ""]


def _crosstab_rows(lead: list[str], table: CrossTab) -> Rows:
    name = _("by nation") if table.side == "nation" else _("by role")
    for place, column in enumerate(table.columns):
        base = table.bases[place]
        for row in table.rows:
            cell = row.cells[place]
            numbers = [_shown(cell), _shown(base), _shown(percent(cell, base))]
            yield [*lead, table.strand.label, name, column.text, row.choice.text, *numbers]


def _shown(number: float | None) -> Any:
    return hidden_words() if number is None else number


def codebook_header() -> list[str]:
    """The columns of the codebook: one row a code."""
    return [
        _("question"),
        _("wording"),
        _("kind"),
        _("page"),
        _("asked if"),
        _("part"),
        _("code"),
        _("label"),
        _("value"),
    ]


def codebook_rows(survey: Survey) -> Rows:
    """Every question with its codes, in the order in which they are asked."""
    for number, block in enumerate(questionnaire(survey).blocks, start=1):
        for item in block.items:
            lead = [
                item.code,
                str(item.text),
                QuestionKind(item.kind).label,
                number,
                _condition(item),
            ]
            if not item.choices:
                yield [*lead, "", "", "", ""]
            for part, choices in [(_("thing to rate"), item.rows), (_("answer"), item.choices)]:
                for choice in choices:
                    value = "" if choice.value is None else choice.value
                    yield [*lead, part, choice.code, choice.text, value]


def _condition(item: Item) -> str:
    if not item.asked_if:
        return ""
    return f"{item.asked_if} = {' / '.join(item.asked_if_answers)}"
