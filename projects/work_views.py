"""The pages of a project's work: its timeline and its risks."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.exports import csv_response, xlsx_response
from core.forms import ReasonForm
from core.transitions import TransitionNotAllowed

from . import work_selectors
from .enums import RiskState
from .models import Project, Risk
from .timeline import timeline_of
from .transitions import RISK_FUNCTIONS, RISK_STEPS
from .views import ProjectView


class Timeline(ProjectView):
    """The milestones on a line of time, as picture and as table, and how their days moved."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = work_selectors.planned_milestones(self.target)
        context = {
            "project": self.target,
            "chart": timeline_of(rows, timezone.localdate()),
            "page": work_selectors.slip_list(self.target, request.GET.get("cursor")),
        }
        return render(request, "projects/work/timeline.html", context)


class RiskList(ProjectView):
    """The risks of a project, open ones or closed ones."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        closed = request.GET.get("state") == RiskState.CLOSED
        state = RiskState.CLOSED if closed else RiskState.OPEN
        cursor, today = request.GET.get("cursor"), timezone.localdate()
        context = {
            "project": self.target,
            "page": work_selectors.risk_list(self.target, state, today, cursor),
            "closed": closed,
            "may_change": request.user.has_perm("projects.change_project", self.target),
        }
        return render(request, "projects/work/risks.html", context)


class RisksDue(PortalView):
    """The risks that this person should look at again."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        today, cursor = timezone.localdate(), request.GET.get("cursor")
        page = work_selectors.risks_due(request.user, today, cursor)
        return render(request, "projects/work/risks_due.html", {"page": page})


class RiskStep(ObjectView, FormView):
    """Closes a risk or opens it again, with a reason."""

    permission = "projects.change_project"
    template_name = "projects/work/risk_step.html"
    form_class = ReasonForm
    target: Risk

    def visible(self) -> models.QuerySet[Risk]:
        projects = Project.objects.visible_to(self.request.user)
        found = Risk.objects.filter(project__in=projects, project_id=self.kwargs["project"])
        return found.select_related("project")

    def permission_object(self) -> models.Model | None:
        if self.kwargs["step"] not in RISK_STEPS:
            raise Http404
        return super().permission_object()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": _("Why?")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = RISK_STEPS[self.kwargs["step"]]
        more = {"risk": self.target, "project": self.target.project, "step": step}
        return super().get_context_data(**more, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        take, user = RISK_FUNCTIONS[self.kwargs["step"]], self.request.user
        try:
            risk = take(obj=self.target, by=user, now=timezone.now(), **form.cleaned_data)
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        words = _("The risk is open again.") if risk.is_open else _("The risk is closed.")
        messages.success(self.request, words)
        return redirect("projects:risks", risk.project_id)


class WorkExport(ProjectView):
    """The risks or the milestones of a project, as CSV or Excel."""

    permission = "projects.view_programme"
    what = "risks"

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        header = getattr(work_selectors, f"{self.what}_header")()
        rows = getattr(work_selectors, f"{self.what}_rows")(self.target)
        name = f"{self.target.slug}-{self.what}.{kind}"
        if kind == "csv":
            return csv_response(name, header, rows)
        if kind == "xlsx":
            sheet = _("Risks") if self.what == "risks" else _("Milestones")
            return xlsx_response(name, sheet, header, rows)
        raise Http404
