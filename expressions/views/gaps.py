"""The gap board, and the list of organisations to get in touch with."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from core.access import ObjectView
from core.exports import csv_response

from .. import plan_exports
from ..callform.document import topics_on_offer
from ..forms.planning import GapForm, TopicForm
from ..models import Call
from ..selectors import gaps


class GapView(ObjectView):
    """A page about what is still missing in a call."""

    permission = "expressions.view_gaps"

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(call=self.target, **kwargs)


class GapBoard(GapView, TemplateView):
    """Who has begun and sent in, against the mix."""

    template_name = "expressions/planning/gaps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = TopicForm(self.request.GET, topics=topics_on_offer(self.target))
        board = gaps.gap_board(self.target, form.choice)
        return super().get_context_data(form=form, board=board, **kwargs)


class OutreachView(GapView):
    """Organisations that have not begun."""

    @cached_property
    def form(self) -> GapForm:
        return GapForm(self.request.GET)

    @property
    def found(self) -> models.QuerySet:
        return gaps.might_apply(self.target, **self.form.choice)


class GapOutreach(OutreachView, TemplateView):
    """The list, by name."""

    template_name = "expressions/planning/outreach.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("cursor", None)
        page = gaps.outreach_page(self.found, self.request.GET.get("cursor"))
        return super().get_context_data(
            form=self.form, page=page, query=query.urlencode(), **kwargs
        )


class GapOutreachExport(OutreachView, View):
    """The list as CSV."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = plan_exports.outreach_rows(gaps.all_outreach(self.found))
        return csv_response("outreach.csv", plan_exports.outreach_header(), rows)
