"""Pages that everybody may read: the open calls."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from core.access import PublicView

from .. import selectors
from ..models import Call


class Calls(PublicView, TemplateView):
    """The calls that are open now, and those to come or just closed."""

    public_because = "everybody may see what the centre calls for"
    template_name = "expressions/calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            calls=selectors.open_calls(now), others=selectors.other_calls(now), **kwargs
        )


class CallPage(PublicView, TemplateView):
    """A call: what it offers, what it asks, its dates, its questions, and the way to begin."""

    public_because = "everybody may see what the centre calls for"
    template_name = "expressions/call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = Call.objects.visible_to(self.request.user).prefetch_related("topics")
        call = get_object_or_404(calls, slug=self.kwargs["slug"])
        return super().get_context_data(
            call=call,
            is_open=call.is_open_at(timezone.now()),
            is_to_come=call.opens_at is not None and call.opens_at > timezone.now(),
            sections=selectors.sections_with_questions(call),
            **kwargs,
        )
