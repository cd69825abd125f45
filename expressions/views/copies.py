"""The PDF copy of an expression: asked for, watched, fetched."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from core.access import ObjectView
from reports.selectors import latest_run, run_panel
from reports.services import ask_for_report

from ..copies import COPY, is_out_of_date, parameters_of
from ..models import Expression


class Copy(ObjectView, TemplateView):
    """Asks for a copy by POST, and shows how far it is; for those who may read the answers."""

    permission = "expressions.read_answers"
    template_name = "expressions/copy.html"

    def visible(self) -> models.QuerySet:
        found = Expression.objects.visible_to(self.request.user)
        return found.select_related("call", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, expression = self.request.user, self.target
        run = latest_run(kind=COPY, parameters=parameters_of(expression), by=user)
        writes = user.has_perm("expressions.write_expression", expression)
        page = "expressions:tasks" if writes else "expressions:staff-page"
        return super().get_context_data(
            expression=expression,
            panel=run_panel(run) if run else None,
            is_old=bool(run and is_out_of_date(run, expression)),
            back_url=reverse(page, args=[expression.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ask_for_report(
            kind=COPY,
            parameters=parameters_of(self.target),
            by=request.user,
            now=timezone.now(),
        )
        return redirect("expressions:copy", self.target.pk)
