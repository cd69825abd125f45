"""Pages that everybody may read: the open calls; and their feed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.generic import TemplateView, View

from core.access import PublicView

from .. import selectors
from ..models import Call
from ..selectors.feed import feed, published_versions
from ..services.building import acknowledge_change
from .writing import WritingView

FEED_KEPT = 300  # seconds


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
            versions=published_versions(call),
            **kwargs,
        )


class Feed(PublicView, View):
    """The open calls as JSON, for other sites. See docs/calls.md."""

    public_because = "everybody may see what the centre calls for"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> JsonResponse:
        response = JsonResponse(
            feed(timezone.now()), json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
        patch_cache_control(response, public=True, max_age=FEED_KEPT)
        return response


class CallSeen(WritingView):
    """Keeps that somebody has read what changed in the call they write for."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("version", "")
        if text.isascii() and text.isdigit() and len(text) < 7:
            acknowledge_change(obj=self.target, version=int(text), by=request.user)
        return redirect(self.target)
