"""What everybody may read about projects."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.access import PublicView

from . import selectors
from .filters import PublicProjectFilter
from .models import Project, Topic


class PublicList(PublicView):
    """The projects that have a public page."""

    public_because = "tells everybody what the centre works on"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = PublicProjectFilter(request.GET, Project.objects.public())
        page = selectors.public_list(found.qs, request.GET.get("cursor"))
        return render(request, "projects/public_list.html", {"filter": found, "page": page})


class PublicDetail(PublicView):
    """One project with its published updates, and nothing that is for the team alone."""

    public_because = "tells everybody what a project does and what came of it"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        public = Project.objects.public().select_related("host", "phase")
        # A topic that is only suggested is not told of, not even by its name.
        topics = Prefetch("topics", queryset=Topic.objects.public())
        project = get_object_or_404(public.prefetch_related("nation_rows", topics), slug=slug)
        context = {
            "project": project,
            "updates": selectors.public_updates(project),
            "may_work_on_it": request.user.has_perm("projects.view_project", project),
        }
        return render(request, "projects/public_detail.html", context)
