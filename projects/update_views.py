"""Reading, publishing and taking down the updates of a project."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView
from core.forms import ReasonForm
from core.transitions import ReasonRequired, TransitionNotAllowed

from . import transitions
from .models import Project, Update


class UpdateView(ObjectView):
    """The base of pages about one update."""

    target: Update

    def visible(self) -> models.QuerySet[Update]:
        user = self.request.user
        return (
            Update.objects.visible_to(user)
            .filter(project__in=Project.objects.visible_to(user), project_id=self.kwargs["project"])
            .select_related("project", "written_by", "published_by")
        )


class UpdateDetail(UpdateView):
    """An update as its readers see it, with what can be done with it."""

    permission = "projects.view_update"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {
            "update": self.target,
            "project": self.target.project,
            "images": self.target.images.all(),
            "may_change": request.user.has_perm("projects.publish_update", self.target),
        }
        return render(request, "projects/update.html", context)


class UpdatePublish(UpdateView):
    """Publishes an update, once."""

    permission = "projects.publish_update"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            update = transitions.publish(obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, self.words(update))
        return redirect(self.target)

    @staticmethod
    def words(update: Update) -> str:
        if not update.is_for_everybody:
            return _("The update is published for the team.")
        if not update.project.is_public:
            return _(
                "The update is published, but the project has no public page yet. Change the"
                " project’s details to show it."
            )
        return _("The update is published. Everybody can read it on the project’s public page.")


class UpdateTakeDown(UpdateView, FormView):
    """Takes a published update down, with a reason."""

    permission = "projects.publish_update"
    template_name = "projects/update_take_down.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": _("Why?")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(update=self.target, project=self.target.project, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            update = transitions.take_down(
                obj=self.target, by=self.request.user, now=timezone.now(), **form.cleaned_data
            )
        except (TransitionNotAllowed, ReasonRequired) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The update is taken down. It is a draft again."))
        return redirect(update)
