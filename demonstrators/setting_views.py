"""Setting a Demonstrator up: its details, its plan, its coaches' posts."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import PortalView, PublicView
from core.transitions import TransitionNotAllowed, steps_open_to
from core.versions import ChangedMeanwhile, details_of, version_of
from projects.models import Project

from . import selectors, services
from .coverage import month_name
from .forms import DemonstratorForm, PlanForm, PostForm, PostStatusForm
from .models import CoachPost, PlanPoint
from .transitions import POST_FUNCTIONS, POST_STEPS
from .views import DemonstratorView


class SetUp(PortalView, FormView):
    """Giving a project its sites and plan."""

    permission = "demonstrators.change_demonstrator"
    template_name = "demonstrators/demonstrator_form.html"
    form_class = DemonstratorForm
    project: Project

    def permission_object(self) -> models.Model | None:
        visible = Project.objects.visible_to(self.request.user)
        self.project = get_object_or_404(visible, slug=self.kwargs["slug"])
        return self.project

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.project, demonstrator=None, **kwargs)

    def form_valid(self, form: DemonstratorForm) -> HttpResponse:
        user, now, values = self.request.user, timezone.now(), form.values()
        made = services.create_demonstrator(project=self.project, values=values, by=user, now=now)
        words = _("The Demonstrator is set up. Next, add the %(sites)s that could take part.")
        messages.success(self.request, words % {"sites": made.site_plural})
        return redirect(made)


class DemonstratorEdit(DemonstratorView, FormView):
    """The details of a Demonstrator."""

    permission = "demonstrators.change_demonstrator"
    template_name = "demonstrators/demonstrator_form.html"
    form_class = DemonstratorForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.target}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.target, services.DETAILS))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"demonstrator": self.target, "project": self.target.project}
        return super().get_context_data(**shared, **kwargs)

    def form_valid(self, form: DemonstratorForm) -> HttpResponse:
        values, seen = form.values(), form.cleaned_data["seen"]
        user, now = self.request.user, timezone.now()
        try:
            services.change_demonstrator(
                obj=self.target, values=values, seen=seen, by=user, now=now
            )
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        messages.success(self.request, _("The details are saved."))
        return redirect(self.target)


class Plan(DemonstratorView, FormView):
    """How many sites are to take part, month by month."""

    permission = "demonstrators.change_plan"
    template_name = "demonstrators/plan.html"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"month": today.month, "year": today.year}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        points = self.target.plan_points.all()
        return super().get_context_data(demonstrator=self.target, points=points, **kwargs)

    def form_valid(self, form: PlanForm) -> HttpResponse:
        point = services.plan_month(
            demonstrator=self.target,
            month=form.first_day,
            sites_planned=form.cleaned_data["sites_planned"],
            by=self.request.user,
            now=timezone.now(),
        )
        words = _("The plan for %(month)s is saved.") % {"month": month_name(point.month)}
        messages.success(self.request, words)
        return redirect(self.target.url("plan"))


class PlanRemove(DemonstratorView):
    """Taking a month out of the plan; the page of the plan has the button."""

    permission = "demonstrators.change_plan"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        point = PlanPoint.objects.filter(demonstrator=self.target, pk=pk).first()
        # A second click finds nothing to remove, which is what was wanted.
        if point:
            services.unplan_month(obj=point, by=request.user, now=timezone.now())
            words = _("%(month)s is taken out of the plan.") % {"month": month_name(point.month)}
            messages.success(request, words)
        return redirect(self.target.url("plan"))


class PostAdd(DemonstratorView, FormView):
    """A post that is to be advertised."""

    permission = "demonstrators.change_posts"
    template_name = "demonstrators/post_form.html"
    form_class = PostForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demonstrator=self.target, post=None, **kwargs)

    def form_valid(self, form: PostForm) -> HttpResponse:
        services.add_post(
            demonstrator=self.target,
            values=form.values(),
            once_key=form.cleaned_data["once_key"] or uuid4(),
            by=self.request.user,
            now=timezone.now(),
        )
        words = _("The post is added. Publish the vacancy when its advertisement is out.")
        messages.success(self.request, words)
        return redirect(self.target)


class PostView(DemonstratorView):
    """The base of pages about one post."""

    post_row: CoachPost

    def permission_object(self) -> models.Model | None:
        super().permission_object()
        posts = CoachPost.objects.filter(demonstrator=self.target)
        self.post_row = get_object_or_404(posts, pk=self.kwargs["pk"])
        self.post_row.demonstrator = self.target
        return self.post_row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"demonstrator": self.target, "post": self.post_row}
        return super().get_context_data(**shared, **kwargs)  # type: ignore[misc]


class PostEdit(PostView, FormView):
    """The details of a post."""

    permission = "demonstrators.change_posts"
    template_name = "demonstrators/post_form.html"
    form_class = PostForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.post_row}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.post_row, services.POST_DETAILS))}

    def form_valid(self, form: PostForm) -> HttpResponse:
        values, seen = form.values(), form.cleaned_data["seen"]
        user, now = self.request.user, timezone.now()
        try:
            services.change_post(obj=self.post_row, values=values, seen=seen, by=user, now=now)
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            form.see(problem.seen)
            return self.form_invalid(form)
        messages.success(self.request, _("The details are saved."))
        return redirect(self.target)


class PostStatus(PostView, FormView):
    """What happens to a post: its vacancy is published, or it is filled."""

    permission = "demonstrators.change_posts"
    template_name = "demonstrators/post_status.html"
    form_class = PostStatusForm

    def get_form_kwargs(self) -> dict[str, Any]:
        steps = steps_open_to(self.request.user, self.post_row, POST_STEPS)
        if self.request.method == "POST":
            steps = list(POST_STEPS.values())
        return {**super().get_form_kwargs(), "steps": steps}

    def form_valid(self, form: PostStatusForm) -> HttpResponse:
        take = POST_FUNCTIONS[form.cleaned_data["step"]]
        try:
            post = take(obj=self.post_row, by=self.request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        words = _("%(post)s: “%(state)s”.") % {"post": post, "state": post.get_state_display()}
        messages.success(self.request, words)
        return redirect(self.target)


class Vacancies(PublicView):
    """The posts that are advertised now."""

    public_because = "tells everybody which posts they can apply for"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"vacancies": selectors.vacancies(timezone.now())}
        return render(request, "demonstrators/vacancies.html", context)
