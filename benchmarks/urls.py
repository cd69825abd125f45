"""The portal's addresses and the bare views that they are measured against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from expressions.models import Expression
from impact_portal.urls import urlpatterns as portal_urlpatterns
from projects.models import Project

ROWS = 50


@login_required
def minimal_projects(request: HttpRequest) -> HttpResponse:
    """Fifty projects in the order of the staff list: one query, one small template."""
    rows = Project.objects.order_by("-updated_at", "-id").values("id", "title", "model", "state")
    return render(request, "benchmarks/minimal.html", {"rows": rows[:ROWS]})


@login_required
def minimal_expressions(request: HttpRequest) -> HttpResponse:
    """Fifty expressions in the order of the staff list: one query, one small template."""
    rows = Expression.objects.order_by("-updated_at", "-id").values(
        "id", "reference", "organisation__name", "state"
    )
    return render(request, "benchmarks/minimal.html", {"rows": rows[:ROWS]})


urlpatterns = [
    path("minimal/projects/", minimal_projects),
    path("minimal/expressions/", minimal_expressions),
    *portal_urlpatterns,
]
