"""The page of a project's theory of change, and what is done on it by plain forms."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView
from core.versions import ChangedMeanwhile

from . import theory, theory_services
from .enums import TheoryKind
from .models import Project, TheoryLink, TheoryPart
from .views import ProjectView
from .work_forms import LinksForm


@dataclass(frozen=True)
class KindOfPart:
    """The parts of one kind, each with the texts of what it leads to."""

    kind: TheoryKind
    parts: list[tuple[TheoryPart, list[str]]]
    may_add: bool


class Theory(ProjectView):
    """The outcomes chain as a drawing, and the same as a list that can be worked on."""

    permission = "projects.view_project"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        parts = list(self.target.theory.all())
        links = list(TheoryLink.objects.filter(source__project=self.target))
        context = {
            "project": self.target,
            "drawing": theory.draw(parts, links, f"theory-{pk}") if parts else "",
            "title": theory.title_of(parts),
            "kinds": kinds_of(parts, links),
            "few_goals": sum(one.kind == TheoryKind.GOAL for one in parts) < theory.FEWEST_GOALS,
            "may_change": request.user.has_perm("projects.change_project", self.target),
        }
        return render(request, "projects/work/theory.html", context)


def kinds_of(parts: list[TheoryPart], links: list[TheoryLink]) -> list[KindOfPart]:
    """The parts by kind, from the goals back to what makes it possible."""
    texts = {part.pk: part.text for part in parts}
    following: dict[int, list[str]] = {part.pk: [] for part in parts}
    for link in links:
        following[link.source_id].append(texts[link.target_id])
    found = []
    for kind in reversed(TheoryKind):
        own = [(part, following[part.pk]) for part in parts if part.kind == kind]
        full = kind == TheoryKind.GOAL and len(own) >= theory.MOST_GOALS
        found.append(KindOfPart(kind, own, not full))
    return found


class TheoryPartView(ObjectView):
    """The base of pages about one part."""

    permission = "projects.change_project"
    target: TheoryPart

    def visible(self) -> models.QuerySet[TheoryPart]:
        projects = Project.objects.visible_to(self.request.user)
        found = TheoryPart.objects.filter(project__in=projects, project_id=self.kwargs["project"])
        return found.select_related("project")


class TheoryLinks(TheoryPartView, FormView):
    """What a part leads to."""

    template_name = "projects/work/theory_links.html"
    form_class = LinksForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"part": self.target}

    def get_initial(self) -> dict[str, Any]:
        targets = list(self.target.leads_to.values_list("target_id", flat=True))
        return {"targets": targets, "seen": theory_services.links_version(self.target)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(part=self.target, project=self.target.project, **kwargs)

    def form_valid(self, form: LinksForm) -> HttpResponse:
        now, by = timezone.now(), self.request.user
        try:
            theory_services.set_links(obj=self.target, by=by, now=now, **form.cleaned_data)
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
        except theory_services.TheoryRefused as problem:
            form.add_error("targets", str(problem))
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, _("The arrows are saved."))
        return redirect("projects:theory", self.target.project_id)


class TheoryMove(TheoryPartView):
    """Moves a part up or down among those of its kind."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        up = request.POST.get("way") == "up"
        theory_services.move(obj=self.target, up=up, by=request.user, now=timezone.now())
        words = _("“%(part)s” is moved up.") if up else _("“%(part)s” is moved down.")
        messages.success(request, words % {"part": self.target})
        return redirect("projects:theory", self.target.project_id)
