"""The PDF copy of an expression: a report like any other, made by a worker."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import nice_datetime
from reports.enums import FileKind
from reports.models import ReportRun
from reports.registry import Progress, ReportKind, Sheet, register_report

from . import selectors
from .models import Expression


def parameters_of(expression: Expression) -> dict[str, Any]:
    """What a run of the copy says about what it is a copy of."""
    return {"expression": expression.pk}


def expression_of(run: ReportRun) -> Expression | None:
    """What ``run`` is a copy of; nothing for other runs, or when it is gone."""
    if run.kind != COPY.name:
        return None
    found = Expression.objects.filter(pk=run.parameters.get("expression"))
    return found.select_related("organisation").first()


def is_out_of_date(run: ReportRun, expression: Expression) -> bool:
    """Whether the answers changed, or it was sent in, since the copy ``run`` was made."""
    if not run.figures:
        return False
    # In the language of the copy: some answers are words of ours.
    with translation.override(run.language):
        now = {"parts": selectors.written_parts(expression), "reference": expression.reference}
    return any(run.figures.get(name) != value for name, value in now.items())


def collect(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The expression ``parameters["expression"]`` as plain data."""
    progress(0, 2, _("Reading the answers"))
    expression = Expression.objects.select_related("call", "organisation", "entered_by").get(
        pk=parameters["expression"]
    )
    organisation = expression.organisation
    parts = selectors.written_parts(expression)
    progress(1, 2, _("Putting the pages together"))
    place = [organisation.place, str(organisation.get_nation_display())]
    return {
        "title": expression.call.title,
        "organisation": organisation.name,
        "kind": str(organisation.get_kind_display()),
        "place": ", ".join(part for part in place if part),
        "reference": expression.reference,
        # Its own people read this too: nothing of a decision before its letter.
        "state": expression.own_state,
        "sent_in": nice_datetime(expression.submitted_at),
        "declared_by": expression.declared_by,
        "source": str(expression.get_source_display()) if expression.is_entered_by_staff else "",
        "entered_by": expression.entered_by.preferred_name if expression.entered_by else "",
        "reached_us": nice_datetime(expression.received_at),
        "parts": parts,
    }


def sheets(figures: dict[str, Any]) -> list[Sheet]:
    """The answers as one sheet."""
    rows = [
        [part["title"], answer["question"], answer["words"]]
        for part in figures["parts"]
        for answer in part["answers"]
    ]
    return [(_("Answers"), [_("Section"), _("Question"), _("Answer")], rows)]


COPY = ReportKind(
    name="expressions.copy",
    title=gettext_lazy("Copy of an expression of interest"),
    description=gettext_lazy("All answers of one expression of interest, to keep."),
    permission="expressions.copy_expression",
    collect=collect,
    template="expressions/report/copy.html",
    sheets=sheets,
    formats=(FileKind.PDF,),
    scoped=True,
    page=lambda run: reverse("expressions:copy", args=[run.parameters["expression"]]),
)


def register() -> None:
    """Make the copy known to the reports room."""
    register_report(COPY)
