"""The staff's pages of projects."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.enums import Nation
from core.transitions import ReasonRequired, TransitionNotAllowed, steps_open_to
from core.versions import ChangedMeanwhile

from . import selectors, services
from .enums import DeliveryModel, ProjectState
from .forms import ModelForm, ProjectForm, RagForm, StatusForm
from .history import history_of
from .kinds import kind_of
from .models import Project
from .panels import panels_for
from .transitions import PROJECT_STEPS, take_step


class LateMilestones(PortalView):
    """What is late in the programme, or in the projects that a person leads."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        page = selectors.late_milestone_list(request.user, now, request.GET.get("cursor"))
        return render(request, "projects/late_milestones.html", {"page": page})


class Drafts(PortalView):
    """The drafts that this person wrote."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = selectors.draft_list(request.user, request.GET.get("cursor"))
        return render(request, "projects/drafts.html", {"page": page})


class ProjectView(ObjectView):
    """The base of pages about one project."""

    target: Project

    def visible(self) -> models.QuerySet[Project]:
        return Project.objects.visible_to(self.request.user).select_related("phase", "host", "lead")


class ProjectDetail(ProjectView):
    """One project with all its parts and the panels of other rooms."""

    permission = "projects.view_project"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        now = timezone.now()
        context = {
            "kind": kind_of(self.target.model),
            "shown": selectors.project_page(self.target, request.user, now),
            "project": self.target,
            "panels": panels_for(self.target, request, now),
            "may_change": request.user.has_perm("projects.change_project", self.target),
        }
        return render(request, "projects/detail.html", context)


class History(ProjectView):
    """Everything that happened to a project, newest first."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        events = history_of(self.target, selectors.HISTORY_WHOLE)
        context = {"project": self.target, "events": events}
        return render(request, "projects/history.html", context)


class ProjectAdd(PortalView, FormView):
    """Which of the four models a new project has; each asks for what it needs on its own page."""

    permission = "projects.add_project"
    template_name = "projects/model_form.html"
    form_class = ModelForm

    def form_valid(self, form: ModelForm) -> HttpResponse:
        return redirect("projects:add-model", form.cleaned_data["model"])


class ProjectAddModel(PortalView, FormView):
    """A new project of one model, which begins as proposed."""

    permission = "projects.add_project"
    template_name = "projects/project_form.html"
    form_class = ProjectForm

    def permission_object(self) -> None:
        if self.kwargs["model"] not in DeliveryModel.values:
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"today": timezone.localdate(), "model": self.kwargs["model"]}
        return {**super().get_form_kwargs(), **more}

    def get_initial(self) -> dict[str, Any]:
        return {"nations": Nation.values if self.kwargs["model"] == DeliveryModel.NETWORK else []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=kind_of(self.kwargs["model"]), **kwargs)

    def form_valid(self, form: ProjectForm) -> HttpResponse:
        values = {**form.cleaned_data}
        values.pop("seen")
        values |= {"model": self.kwargs["model"], "by": self.request.user, "now": timezone.now()}
        project = services.create_project(**values)
        messages.success(
            self.request,
            _("The project is added. It is proposed; change its status when work begins."),
        )
        return redirect(project)


class ProjectEdit(ProjectView, FormView):
    """The facts of a project."""

    permission = "projects.change_project"
    template_name = "projects/project_form.html"
    form_class = ProjectForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "instance": self.target, "today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        tags = ", ".join(tag.name for tag in self.target.tags.all())
        return {
            "nations": self.target.nations,
            "tags": tags,
            "seen": services.facts_version(self.target),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.target, **kwargs)

    def form_valid(self, form: ProjectForm) -> HttpResponse:
        try:
            self.save({**form.cleaned_data})
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The project is saved."))
        return redirect(self.target)

    def save(self, values: dict[str, Any]) -> None:
        values.pop("once_key")
        seen = values.pop("seen")
        user, now = self.request.user, timezone.now()
        services.change_project(obj=self.target, values=values, seen=seen, by=user, now=now)


class StatusChange(ProjectView, FormView):
    """The next status, with a reason."""

    permission = "projects.change_status"
    template_name = "projects/status_form.html"
    form_class = StatusForm

    def get_form_kwargs(self) -> dict[str, Any]:
        steps = steps_open_to(self.request.user, self.target, PROJECT_STEPS)
        named = [(step, self.target_words(step.target)) for step in steps]
        return {**super().get_form_kwargs(), "steps": named, "known": PROJECT_STEPS.values()}

    @staticmethod
    def target_words(state: str) -> str:
        return _("The status will be “%(status)s”.") % {"status": ProjectState(state).label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.target, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.target.state}

    def form_valid(self, form: StatusForm) -> HttpResponse:
        by, now, typed = self.request.user, timezone.now(), dict(form.cleaned_data)
        try:
            project = take_step(typed.pop("step"), obj=self.target, by=by, now=now, **typed)
        except ChangedMeanwhile as problem:
            return self.changed_meanwhile(form, problem)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        status = project.get_state_display()
        messages.success(self.request, _("The status is now “%(status)s”.") % {"status": status})
        return redirect(project)

    def changed_meanwhile(self, form: StatusForm, problem: ChangedMeanwhile) -> HttpResponse:
        """The page once more, with the steps from the status as it stands, and what was typed."""
        self.target.refresh_from_db()
        again = StatusForm(**self.get_form_kwargs())
        again.see(problem.seen)
        again.add_error(None, str(problem))
        return self.form_invalid(again)


class RagChangeView(ProjectView, FormView):
    """How a project is going, with a reason."""

    permission = "projects.change_project"
    template_name = "projects/rag_form.html"
    form_class = RagForm

    def get_initial(self) -> dict[str, Any]:
        return {"rag": self.target.rag, "seen": services.rag_version(self.target)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = self.target.rag_changes.select_related("by").order_by("-at", "-id")[:50]
        return super().get_context_data(project=self.target, changes=changes, **kwargs)

    def form_valid(self, form: RagForm) -> HttpResponse:
        given = {"by": self.request.user, "now": timezone.now(), **form.cleaned_data}
        try:
            services.set_rag(obj=self.target, **given)
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("How the project is going is saved."))
        return redirect(self.target)
