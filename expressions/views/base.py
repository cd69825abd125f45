"""What the pages about one expression share."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import ObjectView

from .. import selectors
from ..models import Expression
from ..timeliness import may_be_written_at


class WritingView(ObjectView):
    """A page about one expression, for the people of its organisation.

    What staff type in for others is open to the programme team too. Who wrote in it and speaks for
    the organisation no longer is told so in plain words, and given back what they had typed.
    """

    permission = "expressions.write_expression"
    target: Any = None

    def visible(self) -> models.QuerySet:
        own = Expression.objects.writable_by(self.request.user)
        return own.select_related("call", "organisation", "entered_by")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if self.target is None and selectors.wrote_in(request.user, self.kwargs["pk"]):
                return self.left()
            raise

    def left(self) -> HttpResponse:
        """What somebody sees who wrote here once and may do so no longer."""
        typed = selectors.typed_texts(self.request.POST, self.kwargs["pk"])
        return render(self.request, "expressions/left.html", {"typed": typed}, status=403)

    def is_editable(self) -> bool:
        """Whether the answers may be changed now."""
        return self.target.is_editable and may_be_written_at(
            self.target, self.request.user, timezone.now()
        )

    def is_open(self) -> bool:
        """Whether the call takes something now."""
        return self.target.call.is_open_at(timezone.now())

    def refused(self, problem: Exception) -> HttpResponse:
        messages.error(self.request, str(problem))
        return redirect(self.target)
