"""Charts of this room."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.charts import Series, StackedBarChart

from .selectors import LocalRow


def returns_chart(rows: Sequence[LocalRow]) -> StackedBarChart:
    """Where the return of each meeting held so far stands, by local network."""
    held = sum(row.held for row in rows)
    accepted = sum(row.accepted for row in rows)
    title = _("%(accepted)s of %(held)s meetings held so far have an accepted return")
    return StackedBarChart(
        title=title % {"accepted": accepted, "held": held},
        description=_("Meetings held in each local network, by the state of their return."),
        labels=[str(row.local_network) for row in rows],
        series=[
            Series(_("Accepted"), [row.accepted for row in rows]),
            Series(_("Waiting to be read"), [row.waiting for row in rows]),
            Series(_("Returned with a question"), [row.returned for row in rows]),
            Series(_("Not logged yet"), [row.not_logged for row in rows]),
        ],
        unit=_("meetings"),
    )
