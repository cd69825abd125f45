"""The pages of Demonstrators and their sites."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import PortalView
from core.dates import nice_date
from core.exports import csv_response
from core.transitions import ReasonRequired, TransitionNotAllowed, steps_open_to
from core.versions import ChangedMeanwhile, details_of, version_of

from . import selectors, services
from .coverage import share_sentence
from .filters import SiteFilter, SiteSearch
from .forms import MoveForm, SiteForm, UndoForm
from .models import Demonstrator, Site, SiteMove
from .transitions import SITE_STEPS, DateRefused, NotTheLastMove, undo


class DemonstratorList(PortalView):
    """The Demonstrators that this person may see."""

    permission = "demonstrators.list_demonstrators"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = selectors.demonstrator_list(request.user)
        return render(request, "demonstrators/list.html", {"demonstrators": found})


class DemonstratorView(PortalView):
    """The base of pages about one Demonstrator, found by its project's address."""

    target: Demonstrator

    def permission_object(self) -> models.Model | None:
        visible = Demonstrator.objects.visible_to(self.request.user)
        self.target = get_object_or_404(
            visible.select_related("project__host"), project__slug=self.kwargs["slug"]
        )
        return self.target

    def allowed(self, obj: Any) -> dict[str, bool]:
        """What this person may do here, for the templates."""
        may = self.request.user.has_perm
        return {
            "may_record": may("demonstrators.record_change", obj),
            "may_change_sites": may("demonstrators.change_sites", obj),
            "may_change_plan": may("demonstrators.change_plan", obj),
            "may_change": may("demonstrators.change_demonstrator", obj),
            "may_change_posts": may("demonstrators.change_posts", obj),
        }


class DemonstratorDetail(DemonstratorView):
    """How far a Demonstrator reaches, and what moved last."""

    permission = "demonstrators.view_demonstrator"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        context = {
            "demonstrator": self.target,
            "shown": selectors.demonstrator_page(self.target, timezone.now()),
            **self.allowed(self.target),
        }
        return render(request, "demonstrators/detail.html", context)


class SiteList(DemonstratorView):
    """The sites of a Demonstrator, filtered."""

    permission = "demonstrators.view_demonstrator"

    def filtered(self) -> SiteFilter:
        sites = Site.objects.filter(demonstrator=self.target)
        today = timezone.localdate()
        return SiteFilter(self.request.GET, sites, demonstrator=self.target, today=today)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = self.filtered()
        context = {
            "demonstrator": self.target,
            "filter": found,
            "page": selectors.site_list(found.qs, request.GET.get("cursor")),
            **self.allowed(self.target),
        }
        return render(request, "demonstrators/sites.html", context)


class SiteExport(SiteList):
    """The list as it is filtered, as a file."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        rows = selectors.sites_rows(self.filtered().qs.order_by("name", "id"))
        return csv_response(f"sites-{slug}.csv", selectors.sites_header(), rows)


class MoveExport(DemonstratorView):
    """All changes of all sites, as a file."""

    permission = "demonstrators.view_demonstrator"

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        rows = selectors.moves_rows(self.target)
        return csv_response(f"changes-{slug}.csv", selectors.moves_header(), rows)


class ChooseSite(DemonstratorView):
    """Which site a coach wants to record a change of."""

    permission = "demonstrators.record_change"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = SiteSearch(request.GET, Site.objects.filter(demonstrator=self.target))
        page = selectors.site_list(found.qs, request.GET.get("cursor"))
        context = {
            "demonstrator": self.target,
            "search": found.form,
            "page": page,
            "choices": selectors.site_choices(page),
            **self.allowed(self.target),
        }
        return render(request, "demonstrators/choose.html", context)


class SiteAdd(DemonstratorView, FormView):
    """A further site, which nobody has approached yet."""

    permission = "demonstrators.change_sites"
    template_name = "demonstrators/site_form.html"
    form_class = SiteForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "demonstrator": self.target}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demonstrator=self.target, site=None, **kwargs)

    def form_valid(self, form: SiteForm) -> HttpResponse:
        values, key = form.values(), form.cleaned_data["once_key"] or uuid4()
        user, now, home = self.request.user, timezone.now(), self.target
        try:
            site = services.add_site(
                demonstrator=home, values=values, once_key=key, by=user, now=now
            )
        except services.NameTaken as problem:
            form.add_error("name", str(problem))
            return self.form_invalid(form)
        said = {"site": site, "share": share_sentence(home)}
        messages.success(self.request, _("%(site)s is added. %(share)s") % said)
        return redirect(site)


class SiteView(DemonstratorView):
    """The base of pages about one site."""

    site: Site

    def permission_object(self) -> models.Model | None:
        super().permission_object()
        sites = Site.objects.filter(demonstrator=self.target)
        self.site = get_object_or_404(sites, pk=self.kwargs["pk"])
        self.site.demonstrator = self.target
        return self.site


class SiteDetail(SiteView):
    """A site and everything that happened to it."""

    permission = "demonstrators.view_demonstrator"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        context = {
            "demonstrator": self.target,
            "site": self.site,
            "shown": selectors.site_page(self.site),
            **self.allowed(self.site),
        }
        return render(request, "demonstrators/site.html", context)


class SiteEdit(SiteView, FormView):
    """The details of a site."""

    permission = "demonstrators.change_sites"
    template_name = "demonstrators/site_form.html"
    form_class = SiteForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "demonstrator": self.target, "instance": self.site}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(details_of(self.site, services.SITE_DETAILS))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demonstrator=self.target, site=self.site, **kwargs)

    def form_valid(self, form: SiteForm) -> HttpResponse:
        values, seen = form.values(), form.cleaned_data["seen"]
        user, now = self.request.user, timezone.now()
        try:
            services.change_site(obj=self.site, values=values, seen=seen, by=user, now=now)
        except services.NameTaken as problem:
            form.add_error("name", str(problem))
            return self.form_invalid(form)
        except ChangedMeanwhile as problem:
            return self.changed_meanwhile(form, problem)
        messages.success(self.request, _("The details are saved."))
        return redirect(self.site)

    def changed_meanwhile(self, form: SiteForm, problem: ChangedMeanwhile) -> HttpResponse:
        form.add_error(None, str(problem))
        form.see(problem.seen)
        return self.form_invalid(form)


class RecordMove(SiteView, FormView):
    """A change of a site, recorded in one page."""

    permission = "demonstrators.record_change"
    template_name = "demonstrators/record.html"
    form_class = MoveForm

    def open_steps(self) -> list[Any]:
        return steps_open_to(self.request.user, self.site, SITE_STEPS)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "steps": self.open_steps()}

    def get_initial(self) -> dict[str, Any]:
        seen = services.seen_of(self.site)
        return {"happened_on": timezone.localdate(), "seen": seen, "once_key": uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demonstrator=self.target, site=self.site, **kwargs)

    def form_valid(self, form: MoveForm) -> HttpResponse:
        user, now = self.request.user, timezone.now()
        try:
            site = services.record_move(obj=self.site, by=user, now=now, **form.cleaned_data)
        except services.MovedMeanwhile as problem:
            return self.moved_meanwhile(form, problem)
        except DateRefused as problem:
            form.add_error("happened_on", str(problem))
            return self.form_invalid(form)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        return self.recorded(site, form)

    def moved_meanwhile(self, form: MoveForm, problem: services.MovedMeanwhile) -> HttpResponse:
        self.site.refresh_from_db(fields=["state", "since"])
        form.add_error(None, str(problem))
        form.offer(self.open_steps())
        form.see(problem.seen)
        return self.form_invalid(form)

    def recorded(self, site: Site, form: MoveForm) -> HttpResponse:
        values = {
            "site": site,
            "state": site.get_state_display(),
            "day": nice_date(site.since),
            "share": share_sentence(self.target),
        }
        words = _("%(site)s is “%(state)s” since %(day)s. %(share)s")
        messages.success(self.request, words % values)
        return redirect(self.target)


class UndoMove(SiteView, FormView):
    """Taking back the last change of a site, with a reason."""

    permission = "demonstrators.record_change"
    template_name = "demonstrators/undo.html"
    form_class = UndoForm
    move: SiteMove

    def permission_object(self) -> models.Model | None:
        super().permission_object()
        self.move = get_object_or_404(self.site.moves, pk=self.kwargs["move"])
        return self.site

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"demonstrator": self.target, "site": self.site, "move": self.move}
        return super().get_context_data(**shared, **kwargs)

    def form_valid(self, form: UndoForm) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        try:
            site = undo(obj=self.move, by=self.request.user, now=timezone.now(), reason=reason)
        except NotTheLastMove as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        words = _("The change is undone. %(site)s is “%(state)s” again. %(share)s")
        values = {"site": site, "state": site.get_state_display()}
        values["share"] = share_sentence(self.target)
        messages.success(self.request, words % values)
        return redirect(self.site)
