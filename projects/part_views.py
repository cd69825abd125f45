"""Adding, changing and removing the parts of a project, and contributions of the centre itself."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.exports import csv_response
from core.transitions import ReasonRequired
from core.versions import ChangedMeanwhile, details_of, version_of

from . import selectors, services
from .base_forms import OnceForm
from .enums import ContributionKind
from .models import Contribution, Milestone, Project, Update
from .parts import PARTS, Part
from .theory_services import TheoryRefused

# What the services say no with; each is fit to be shown.
REFUSALS = (services.NotADraft, ReasonRequired, TheoryRefused, ChangedMeanwhile)


class PartPage(ObjectView):
    """What the pages of parts share. ``self.project`` is ``None`` for the centre's own."""

    permission = "projects.change_project"
    part: ClassVar[Part] = PARTS["milestones"]
    project: Project | None = None

    def visible(self) -> models.QuerySet:
        projects = Project.objects.visible_to(self.request.user)
        return self.part.model._default_manager.filter(
            project__in=projects, project_id=self.kwargs["project"]
        ).select_related("project")

    def permission_object(self) -> models.Model | None:
        found = super().permission_object()
        self.project = self.target.project
        return found

    def back_url(self) -> str:
        """Where the part stands on the project's page."""
        if self.project is None:
            return reverse("projects:contributions")
        if self.part.page:
            return reverse(f"projects:{self.part.page}", args=[self.project.pk])
        return f"{self.project.get_absolute_url()}#{self.part.name}"

    def done_url(self, saved: Any) -> str:
        """Where to go after saving: an update has a page of its own, on which it is published."""
        return saved.get_absolute_url() if isinstance(saved, Update) else self.back_url()

    def words(self, **more: Any) -> dict[str, Any]:
        return {"part": self.part, "project": self.project, "back_url": self.back_url(), **more}


class PartForm(FormView):
    """The form of a part, for adding and changing; an update can be looked at first."""

    template_name = "projects/part_form.html"
    part: Part
    seen: str = ""
    preview: dict[str, Any] | None = None

    def get_form_class(self) -> type[OnceForm]:
        return self.part.form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_preview = self.part.model is Update
        kwargs.setdefault("remove_url", "")
        more = self.words(preview=self.preview, may_preview=may_preview)  # type: ignore[attr-defined]
        return super().get_context_data(**more, **kwargs)

    def form_valid(self, form: OnceForm) -> HttpResponse:
        if "preview" in self.request.POST:
            self.preview = form.cleaned_data
            return self.render_to_response(self.get_context_data(form=form))
        values = {**form.cleaned_data}
        key, self.seen = values.pop("once_key"), values.pop("seen")
        try:
            saved = self.save(values, key)  # type: ignore[attr-defined]
        except REFUSALS as problem:
            form.see(getattr(problem, "seen", self.seen))
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, str(self.part.saved))
        return redirect(self.done_url(saved))  # type: ignore[attr-defined]


class PartAdd(PartForm, PartPage):
    """A new part of a project."""

    def permission_object(self) -> models.Model | None:
        self.kwargs["pk"] = self.kwargs["project"]
        found = ObjectView.permission_object(self)
        self.project = self.target
        return found

    def visible(self) -> models.QuerySet:
        return Project.objects.visible_to(self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.part.add_title, **kwargs)

    def save(self, values: dict[str, Any], key: Any) -> Any:
        if self.part.model is Update:
            values["written_by"] = self.request.user
        return self.part.add(
            model=self.part.model,
            project=self.project,
            values=values,
            once_key=key,
            by=self.request.user,
            now=timezone.now(),
        )


class PartEdit(PartForm, PartPage):
    """A part that is there already."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.target}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.target, self.part.form.Meta.fields))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"title": self.part.edit_title, "obj": self.target, "remove_url": self.remove_url()}
        return super().get_context_data(**more, **kwargs)

    def remove_url(self) -> str:
        if self.project is None:
            return reverse("projects:own-contribution-remove", args=[self.target.pk])
        arguments = [self.project.pk, self.target.pk]
        return reverse(f"projects:{self.part.name}-remove", args=arguments)

    def save(self, values: dict[str, Any], key: Any) -> Any:
        user, now = self.request.user, timezone.now()
        return self.part.change(obj=self.target, values=values, seen=self.seen, by=user, now=now)


class PartRemove(PartPage):
    """Asks once, then removes a part; its words stay in the history."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "projects/part_remove.html", self.words(obj=self.target))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            services.remove_part(obj=self.target, by=request.user, now=timezone.now())
        except services.NotADraft as problem:
            messages.error(request, str(problem))
            return redirect(self.target.get_absolute_url())
        messages.success(request, str(self.part.removed))
        return redirect(self.back_url())


class MilestoneMark(PartPage):
    """Marks a milestone as done today, or as not done after all."""

    part = PARTS["milestones"]
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        done_on = timezone.localtime(now).date() if request.POST.get("done") == "yes" else None
        milestone: Milestone = services.mark_milestone(
            obj=self.target, done_on=done_on, by=request.user, now=now
        )
        words = (
            _("“%(title)s” is done today. “Change” sets another day, or takes it back.")
            if done_on
            else _("“%(title)s” is not done after all.")
        )
        messages.success(request, words % {"title": milestone.title})
        return redirect(self.back_url())


class ContributionList(PortalView):
    """What the centre and its projects gave to others' work."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        page = selectors.contribution_list(request.user, request.GET.get("cursor"), kind)
        context = {
            "page": page,
            "kind": kind,
            "kinds": ContributionKind.choices,
            "may_add": request.user.has_perm("projects.add_contribution"),
        }
        return render(request, "projects/contributions.html", context)


class ContributionExport(PortalView):
    """The same as a file."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        header, rows = selectors.contribution_export(request.user, request.GET.get("kind", ""))
        return csv_response("contributions.csv", header, rows)


class OwnContributionAdd(PartForm, PartPage):
    """A contribution of the centre itself, to which no project belongs."""

    permission = "projects.add_contribution"
    save = PartAdd.save

    def permission_object(self) -> models.Model | None:
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.part.add_title, **kwargs)


class _OwnContribution(PartPage):
    permission = "projects.change_project"

    def visible(self) -> models.QuerySet:
        return Contribution.objects.visible_to(self.request.user).filter(project__isnull=True)


class OwnContributionEdit(_OwnContribution, PartEdit):
    """Changes a contribution of the centre itself."""


class OwnContributionRemove(_OwnContribution, PartRemove):
    """Removes a contribution of the centre itself."""
