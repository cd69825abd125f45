"""A plan of the mix, and a list for outreach, as rows of a table."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .selectors.gaps import OutreachRow
from .selectors.planning import PlanPage


def header() -> list[str]:
    """The names of the columns of a plan."""
    return [
        _("Reference"),
        _("Organisation"),
        _("Nation"),
        _("Kind"),
        _("Topic"),
        _("Delivery model"),
        _("Score"),
        _("Chosen in how many of 100 draws"),
        _("In reserve"),
    ]


def rows(page: PlanPage) -> Iterator[list[Any]]:
    """A row for each place; of what the person may not see nothing but that it has a place."""
    for line in page.lines:
        one = line.expression
        if one is None:
            yield ["", _("An expression you do not see"), *[""] * 7]
            continue
        yield [
            one.reference,
            one.organisation.name,
            str(one.organisation.get_nation_display()),
            str(one.organisation.get_kind_display()),
            one.topic.title if one.topic else "",
            str(one.get_delivery_model_display()),
            None if line.score is None else round(line.score, 1),
            None if line.share is None else round(line.share, 1),
            line.reserve,
        ]


def outreach_header() -> list[str]:
    """The names of the columns of the list for outreach."""
    return [
        _("Organisation"),
        _("Kind"),
        _("Nation"),
        _("Place"),
        _("New to this kind of project"),
        _("Last contact"),
        _("What came of it"),
    ]


def outreach_rows(found: Iterator[OutreachRow]) -> Iterator[list[Any]]:
    """A row for each organisation."""
    for row in found:
        one = row.organisation
        yield [
            one.name,
            str(one.get_kind_display()),
            str(one.get_nation_display()),
            one.place,
            _("Yes") if one.is_first_timer else _("No"),
            row.last.happened_on if row.last else None,
            row.last.result if row.last else "",
        ]
