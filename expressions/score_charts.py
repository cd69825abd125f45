"""Charts about calls."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.charts import Series, StackedBarChart

from .selectors.assigning import AssessorRow


def progress_chart(rows: Sequence[AssessorRow]) -> StackedBarChart:
    """How far each assessor is."""
    done, total = sum(row.done for row in rows), sum(row.assigned for row in rows)
    shown = [row for row in rows if row.assigned]
    return StackedBarChart(
        title=_("%(done)s of %(total)s assessments are done") % {"done": done, "total": total},
        labels=[row.name for row in shown],
        series=[
            Series(_("Scored"), [row.done for row in shown]),
            Series(_("To score"), [row.to_score for row in shown]),
        ],
        unit=_("assessments"),
    )
