"""Asking for reports, watching them being made, and taking them home."""

from typing import Any

from django.db import models
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.paging import keyset_page

from . import selectors, services
from .enums import CONTENT_TYPES, FileKind
from .models import ReportRun
from .registry import report_kinds


class ReportList(PortalView, TemplateView):
    """The reports that I can ask for, and the ones that I have."""

    permission = "reports.use_reports"
    template_name = "reports/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        page = keyset_page(
            selectors.own_runs(user),
            order=["-id"],
            cursor=self.request.GET.get("cursor"),
            size=25,
        )
        return super().get_context_data(kinds=selectors.kinds_open_to(user), page=page, **kwargs)


class ReportAsk(PortalView, FormView):
    """What the report is to be about; then it is asked for."""

    permission = "reports.use_reports"
    template_name = "reports/ask.html"

    def permission_object(self) -> None:
        """Only the kinds that this person may make have an address."""
        name = self.kwargs["kind"]
        kinds = {kind.name: kind for kind in report_kinds if not kind.scoped}
        if name not in kinds or not self.request.user.has_perm(kinds[name].permission):
            raise Http404
        self.kind = kinds[name]

    def get_form_class(self) -> type[Form]:
        return self.kind.form_class or Form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        run = services.ask_for_report(
            kind=self.kind,
            parameters=form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )
        return redirect(run)


class RunView(ObjectView):
    """What every address of a run shares: who may know that there is one."""

    permission = "reports.view_run"
    target: ReportRun

    def visible(self) -> models.QuerySet[ReportRun]:
        return ReportRun.objects.visible_to(self.request.user).defer("figures")

    def permission_object(self) -> ReportRun:
        super().permission_object()
        # Lost permissions hide a run too: who may not read it learns nothing of it.
        if not self.request.user.has_perm(self.permission, self.target):
            raise Http404
        return self.target


class RunPage(RunView):
    """How far a run is, then its files."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"panel": selectors.run_panel(self.target), "run": self.target}
        return render(request, "reports/run.html", context)


class RunProgress(RunView):
    """The part of a page that shows a run; asked for each second until the run is finished."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"panel": selectors.run_panel(self.target), "is_update": True}
        response = render(request, "reports/partials/run.html", context)
        response["Cache-Control"] = "no-store"
        return response


class RunDownload(RunView):
    """A finished file, always as a download."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> FileResponse:
        file = selectors.file_of(self.target, kind)
        if file is None or not file.file.storage.exists(str(file.file.name)):
            raise Http404
        name = f"{slugify(str(self.target))}-{self.target.pk}.{file.kind}"
        response = FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=name,
            content_type=CONTENT_TYPES[FileKind(file.kind)],
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
