"""The staff list of projects: the page, its files, views that people keep, and changing several."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, View

from core.access import ObjectView, PortalView
from core.exports import csv_response, xlsx_response
from core.paging import capped_count, keyset_page

from . import selectors, several
from .listing import Listing, first_view_of, list_address, save_view
from .listing_forms import SeveralForm, ViewForm
from .models import Project, SavedView

# A longer list is no table to work in; as a CSV file it has no limit.
MOST_IN_EXCEL = 5_000


class ProjectList(PortalView):
    """All projects, filtered, with the columns and in the order that were asked for."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.GET and (first := first_view_of(request.user)):
            return redirect(first.address)
        listing = Listing(request.GET, request.user)
        context = {
            "listing": listing,
            "filter": listing.filter,
            "page": self.page(listing),
            "may_add": request.user.has_perm("projects.add_project"),
            "may_change": request.user.has_perm("projects.change_several"),
            "selecting": "select" in request.GET,
            "views": SavedView.objects.visible_to(request.user)[:30],
        }
        return render(request, "projects/list.html", context)

    def page(self, listing: Listing) -> Any:
        cursor = self.request.GET.get("cursor")
        return selectors.project_list(listing.filter.qs, cursor, listing.columns, listing.order)


class ProjectExport(PortalView):
    """The list as it is shown, as a file."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in {"csv", "xlsx"}:
            raise Http404
        listing = Listing(request.GET, request.user)
        if listing.gone:  # The page says so, and a file could not.
            return redirect(list_address(listing.query))
        found, columns = listing.filter.qs, listing.columns
        header, rows = selectors.export(found, columns, listing.order)
        if kind == "csv":
            return csv_response("projects.csv", header, rows)
        if capped_count(found, MOST_IN_EXCEL) > MOST_IN_EXCEL:
            words = _("More than %(most)s projects do not fit an Excel file here. Take the CSV.")
            messages.error(request, words % {"most": f"{MOST_IN_EXCEL:,}"})
            return redirect(list_address(listing.query))
        return xlsx_response("projects.xlsx", _("Projects"), header, rows)


# --- Views that people keep ----------------------------------------------------------------


class ViewList(PortalView):
    """The views that this person keeps, and those that others share."""

    permission = "projects.view_programme"

    def get(self, request: HttpRequest) -> HttpResponse:
        views = SavedView.objects.visible_to(request.user).select_related("owner")
        page = keyset_page(views, order=["name", "id"], cursor=request.GET.get("cursor"))
        return render(request, "projects/listing/views.html", {"page": page})


class KeepView(FormView):
    """The form of a view."""

    template_name = "projects/listing/view_form.html"
    form_class = ViewForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.view()}

    def view(self) -> SavedView:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = Listing(QueryDict(self.view().query), self.request.user)  # type: ignore[attr-defined]
        return super().get_context_data(kept=kept, **kwargs)

    def form_valid(self, form: ViewForm) -> HttpResponse:
        try:
            kept = save_view(view=form.instance, values=form.cleaned_data)
        except IntegrityError:  # A second click: the first one has made it.
            return redirect("projects:views")
        messages.success(self.request, _("The view is kept."))  # type: ignore[attr-defined]
        return redirect(kept.address)


class ViewAdd(KeepView, PortalView):
    """Keeps what the list shows now."""

    permission = "projects.view_programme"

    def view(self) -> SavedView:
        query = Listing(self.request.GET, self.request.user).query
        return SavedView(owner=self.request.user, query=query)


class ViewPage(ObjectView):
    """The base of pages about one view that this person keeps."""

    permission = "projects.change_view"

    def visible(self) -> models.QuerySet[SavedView]:
        return SavedView.objects.visible_to(self.request.user)


class ViewEdit(KeepView, ViewPage):
    """Another name, shared or not, opened first or not."""

    def view(self) -> SavedView:
        return self.target


class ViewRemove(ViewPage, View):
    """Keeps a view no longer."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "projects/listing/view_remove.html", {"view": self.target})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.target.delete()
        messages.success(request, _("The view is gone. The projects are as they were."))
        return redirect("projects:views")


# --- Several projects at once --------------------------------------------------------------


class Several(PortalView):
    """One change in the projects that were ticked: what, a look at what would happen, and done."""

    permission = "projects.change_several"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(list_address(select="1"))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.back = Listing(QueryDict(request.POST.get("back", "")), request.user)
        self.projects = self.ticked()
        if problem := self.refusal():
            messages.error(request, problem)
            return redirect(list_address(self.back.query, select="1"))
        if "step" not in request.POST:
            return self.ask(SeveralForm(today=timezone.localdate()))
        form = SeveralForm(request.POST, today=timezone.localdate())
        step = STEPS.get(request.POST["step"])
        return step(self, form) if step and form.is_valid() else self.ask(form)

    def refusal(self) -> str:
        """Why nothing can be changed, in words; nothing where it can."""
        if self.back.gone and "everything" in self.request.POST:
            # What cannot be filtered by any more is left out of the list, and would widen it.
            words = _("This list asks for something that is not there any more: %(names)s.")
            return words % {"names": ", ".join(self.back.gone)}
        return "" if self.projects.exists() else _("Tick the projects that shall change.")

    def ticked(self) -> models.QuerySet[Project]:
        visible = Project.objects.visible_to(self.request.user)
        if "everything" in self.request.POST:
            return self.back.filter.qs
        return several.picked(visible, self.request.POST.getlist("pick"))

    def list_url(self) -> str:
        return list_address(self.back.query)

    def ask(self, form: SeveralForm) -> HttpResponse:
        rows = list(self.projects.order_by("title", "id")[: several.MOST])
        count = capped_count(self.projects)
        context = {"form": form, "rows": rows, "back": self.back.query, "url": self.list_url()}
        more = {"too_many": count > several.MOST, "most": several.MOST}
        return render(self.request, "projects/listing/several.html", context | more)

    def look(self, form: SeveralForm) -> HttpResponse:
        data, deed = form.cleaned_data, several.Deed(form.cleaned_data["deed"])
        lines = several.preview(self.projects, deed, data["value"], self.request.user)
        context = {
            "lines": lines,
            "number": sum(line.changes for line in lines),
            "deed": deed,
            "given": {name: self.request.POST.get(name, "") for name in ["tag", "lead", "phase"]},
            "back": self.back.query,
            "url": self.list_url(),
        }
        return render(self.request, "projects/listing/several_preview.html", context)

    def make(self, form: SeveralForm) -> HttpResponse:
        post, data = self.request.POST, form.cleaned_data
        ids = self.projects.values_list("pk", flat=True)[: several.MOST]
        done = several.change(
            seen={pk: post.get(f"seen-{pk}", "") for pk in ids},
            deed=several.Deed(data["deed"]),
            value=data["value"],
            by=self.request.user,
            now=timezone.now(),
        )
        self.tell(done, f"{several.Deed(data['deed']).label}, {data['value']}")
        return redirect(self.list_url())

    def tell(self, done: several.Done, what: str) -> None:
        """Say what came of it; ``what`` is the change in words."""
        changed = ngettext(
            "%(what)s: %(number)s project is changed.",
            "%(what)s: %(number)s projects are changed.",
            done.changed,
        )
        messages.success(self.request, changed % {"number": done.changed, "what": what})
        if done.left:
            words = _("Left as they are, since somebody changed them or you may not: %(titles)s.")
            messages.warning(self.request, words % {"titles": ", ".join(done.left[:20])})


# What follows on what was chosen; anything else asks again.
STEPS = {"preview": Several.look, "confirm": Several.make}
