"""The portal's addresses and the bare views that they are measured against.

A bare view has its page's middleware and its page's sign-in (session and person), runs the very
query of rows that its page runs (the same columns and joins, as ``values()``), and renders one
small template. It has none of what makes a page of the portal: roles, navigation, filters,
counts, paging, words for codes.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from expressions.models import Expression
from expressions.selectors import LIST_COLUMNS as EXPRESSION_COLUMNS
from expressions.selectors import LIST_ORDER as EXPRESSION_ORDER
from impact_portal.urls import urlpatterns as portal_urlpatterns
from projects.columns import USUAL, fields_of
from projects.models import Project
from projects.selectors import LIST_ORDERS

ROWS = 50


@login_required
def minimal_projects(request: HttpRequest) -> HttpResponse:
    """The fifty projects on the first page of the staff list."""
    rows = Project.objects.order_by(*LIST_ORDERS["changed"]).values(*fields_of(USUAL))
    return _answer("benchmarks/projects.html", rows)


@login_required
def minimal_expressions(request: HttpRequest) -> HttpResponse:
    """The fifty expressions on the first page of the staff list."""
    rows = Expression.objects.order_by(*EXPRESSION_ORDER).values(*EXPRESSION_COLUMNS)
    return _answer("benchmarks/expressions.html", rows)


def _answer(template: str, rows: QuerySet[Any, dict[str, Any]]) -> HttpResponse:
    # Without the request: what every page of the portal knows (its navigation) is no part of this.
    return HttpResponse(render_to_string(template, {"rows": rows[:ROWS]}))


urlpatterns = [
    path("minimal/projects/", minimal_projects),
    path("minimal/expressions/", minimal_expressions),
    *portal_urlpatterns,
]
