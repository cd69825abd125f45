"""Pages: guides and the library for everybody; feedback and steps for staff."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.access import ObjectView, PortalView, PublicView
from core.exports import csv_response
from core.paging import keyset_page
from core.transitions import TransitionNotAllowed, steps_open_to

from . import exports, selectors, services
from .filters import FeedbackFilter, ResourceFilter
from .forms import FeedbackForm
from .models import Guide
from .transitions import STEPS, TABLE


class GuideIndex(PublicView, TemplateView):
    """The guides that are out."""

    public_because = "guides are written for everybody"
    template_name = "guides/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(guides=Guide.objects.public(), **kwargs)


class GuidePage(PublicView):
    """A guide: question, context, considerations that open; and how people have used it."""

    public_because = "guides are written for everybody"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        guide = get_object_or_404(Guide.objects.public(), slug=slug)
        version = selectors.published_version(guide)
        return render(request, "guides/guide.html", {"guide": guide, "version": version})


class FeedbackPage(PublicView):
    """How have you used it?"""

    public_because = "anybody who used a guide may say so, without a name"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.ask(self.guide(), FeedbackForm(initial={"once_key": uuid.uuid4()}))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        guide, form = self.guide(), FeedbackForm(request.POST)
        if not form.is_valid():
            return self.ask(guide, form)
        services.give_feedback(guide=guide, **form.cleaned_data)
        messages.success(
            request, _("Thank you. What you wrote goes to the people who look after the guide.")
        )
        return redirect("guides:guide", guide.slug)

    def guide(self) -> Guide:
        return get_object_or_404(Guide.objects.public(), slug=self.kwargs["slug"])

    def ask(self, guide: Guide, form: FeedbackForm) -> HttpResponse:
        return render(self.request, "guides/feedback_form.html", {"guide": guide, "form": form})


class Library(PublicView, TemplateView):
    """The evidence library."""

    public_because = "what helps one place should be there for all"
    template_name = "guides/library.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = ResourceFilter(self.request.GET, queryset=selectors.resources())
        cursor = self.request.GET.get("cursor")
        page = keyset_page(found.qs, order=["title", "id"], cursor=cursor, size=25)
        return super().get_context_data(filter=found, page=page, **kwargs)


class LibraryDownload(PublicView):
    """The library as CSV, filtered as on the page."""

    public_because = "what helps one place should be there for all"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = ResourceFilter(request.GET, queryset=selectors.resources()).qs
        return csv_response(
            "evidence-library.csv", exports.resource_header(), exports.resource_rows(found)
        )


class Priorities(PublicView, TemplateView):
    """The shared workforce priorities, and who has agreed what."""

    public_because = "the three bodies have published their priorities"
    template_name = "guides/priorities.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(grid=selectors.priority_grid(), **kwargs)


class GuideList(PortalView, TemplateView):
    """All guides, with their state, for staff."""

    permission = "guides.view_feedback"
    template_name = "guides/staff_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Guide.objects.visible_to(self.request.user)
        page = keyset_page(visible, order=["title", "id"], cursor=self.request.GET.get("cursor"))
        return super().get_context_data(page=page, **kwargs)


class GuideStaffView(ObjectView):
    """A page about one guide, for those who see feedback."""

    permission = "guides.view_feedback"
    lookup = "slug"

    def visible(self) -> Any:
        return Guide.objects.visible_to(self.request.user)

    def found(self) -> FeedbackFilter:
        return FeedbackFilter(self.request.GET, queryset=selectors.feedback_of(self.target))


class FeedbackList(GuideStaffView):
    """What people said of a guide, newest first."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = self.found()
        context = {
            "guide": self.target,
            "filter": found,
            "page": keyset_page(found.qs, order=["-id"], cursor=request.GET.get("cursor"), size=25),
            "steps": steps_open_to(request.user, self.target, TABLE),
        }
        return render(request, "guides/feedback_list.html", context)


class FeedbackDownload(GuideStaffView):
    """Feedback as CSV, filtered as on the page."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        return csv_response(
            f"{slug}-feedback.csv",
            exports.feedback_header(),
            exports.feedback_rows(self.found().qs),
        )


class StepView(GuideStaffView):
    """The next step of a guide; asks once."""

    def get(self, request: HttpRequest, slug: str, step: str) -> HttpResponse:
        return self.ask(step, Form())

    def post(self, request: HttpRequest, slug: str, step: str) -> HttpResponse:
        if step not in STEPS:
            raise Http404
        form = Form(request.POST)
        form.full_clean()
        try:
            STEPS[step](obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.ask(step, form)
        messages.success(request, _("Done: %(step)s.") % {"step": TABLE[step].label})
        return redirect("guides:feedback", slug)

    def ask(self, name: str, form: Form) -> HttpResponse:
        if name not in STEPS:
            raise Http404
        if not self.request.user.has_perm(TABLE[name].permission, self.target):
            raise PermissionDenied
        context = {"guide": self.target, "step": TABLE[name], "form": form}
        return render(self.request, "guides/step.html", context)
