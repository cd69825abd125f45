"""The overview, the rows behind each of its figures, and both as files."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from core.access import PortalView
from core.exports import csv_response, xlsx_response

from . import selectors
from .charts import charts_of
from .figures import kinds
from .scope import Scope, ScopeForm

FILES: Mapping[str, Callable[[str, str, Any, Any], HttpResponseBase]] = {
    "csv": lambda name, title, header, rows: csv_response(f"{name}.csv", header, rows),
    "xlsx": lambda name, title, header, rows: xlsx_response(f"{name}.xlsx", title, header, rows),
}


class OverviewPart(PortalView):
    """The base of the pages: those who may make the report of the same name may read them."""

    permission = "reports.make_programme_overview"

    def chosen(self) -> tuple[ScopeForm, Scope]:
        """The filters, and the part of the programme that they choose; a wrong one chooses none."""
        form = ScopeForm(self.request.GET)
        form.is_valid()
        return form, Scope.of(form.cleaned_data)

    def file_of(self, kind: str) -> Callable[[str, str, Any, Any], HttpResponseBase]:
        if kind not in FILES:
            raise Http404
        return FILES[kind]


class OverviewView(OverviewPart):
    """The programme on one page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form, scope = self.chosen()
        shown = selectors.overview(scope, timezone.now())
        context = {"form": form, "shown": shown, "query": scope.query(), **charts_of(shown)}
        return render(request, "impact_portal/overview/page.html", context)


class TableExport(OverviewPart):
    """One table of the page as a file."""

    def get(self, request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
        answer = self.file_of(kind)
        _form, scope = self.chosen()
        try:
            found = selectors.table_of(table, scope, timezone.now())
        except KeyError as problem:
            raise Http404 from problem
        return answer(f"overview-{table}", found.title, found.header, found.rows)


class FigurePart(OverviewPart):
    """The base of what is about one figure."""

    def permission_object(self) -> None:
        if self.kwargs["figure"] not in kinds:
            raise Http404


class RowsView(FigurePart):
    """The rows behind one figure."""

    def get(self, request: HttpRequest, figure: str) -> HttpResponse:
        form, scope = self.chosen()
        shown = selectors.rows_behind(figure, scope, timezone.now(), request.GET.get("cursor"))
        kind = kinds.get(figure)
        context = {"form": form, "shown": shown, "kind": kind, "figure": figure}
        context["query"] = scope.query()
        return render(request, "impact_portal/overview/rows.html", context)


class RowsExport(FigurePart):
    """These rows as a file."""

    def get(self, request: HttpRequest, figure: str, kind: str) -> HttpResponseBase:
        answer = self.file_of(kind)
        _form, scope = self.chosen()
        found = selectors.rows_file(figure, scope, timezone.now())
        if found is None:
            raise Http404
        return answer(figure, str(kinds.get(figure).name), *found)
