"""The register for those who see the programme: list, exports, history, duplicates, merging."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.exports import csv_response
from core.paging import keyset_page
from core.versions import ChangedMeanwhile
from reports.services import ask_for_report

from . import exports, history, merging, search, selectors
from .filters import OrganisationFilter, filtered
from .forms import MergeForm, shown_fact
from .models import Organisation

GROUPS = {"name": "name_key", "website": "website_domain"}


class Register(PortalView):
    """The register of organisations."""

    permission = "partners.view_register"

    def get(self, request: HttpRequest) -> HttpResponse:
        organisations = Organisation.objects.visible_to(request.user)
        found = OrganisationFilter(request.GET, organisations, request=request)
        page = keyset_page(
            found.qs.prefetch_related("identifiers"),
            order=["name", "id"],
            cursor=request.GET.get("cursor"),
        )
        may_import = request.user.has_perm("partners.import_organisations")
        context = {"filter": found, "page": page, "may_import": may_import}
        return render(request, "partners/register.html", context)


class RegisterExport(PortalView):
    """The register as filtered, as CSV."""

    permission = "partners.export_register"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        found = filtered("register", request.GET, request.user)
        return csv_response("organisations.csv", exports.header(), exports.rows(found))


class TableExcel(PortalView):
    """A table as filtered, as an Excel file that a worker makes."""

    permission = "partners.export_table"
    table = "register"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        parameters = exports.table_parameters(self.table, request.GET, request.user)
        run = ask_for_report(
            kind=exports.TABLE, parameters=parameters, by=request.user, now=timezone.now()
        )
        return redirect(run)


class OrganisationHistory(ObjectView):
    """Who changed what of an organisation, in words."""

    permission = "partners.view_history"

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"organisation": self.target, "events": history.changes_of(self.target)}
        return render(request, "partners/history.html", context)


class Duplicates(PortalView):
    """Organisations that share a name or a website."""

    permission = "partners.merge_organisations"

    def get(self, request: HttpRequest) -> HttpResponse:
        by = request.GET.get("by", "name")
        by = by if by in GROUPS else "name"
        page = keyset_page(
            selectors.alike(GROUPS[by]),
            order=[GROUPS[by], "id"],
            cursor=request.GET.get("cursor"),
        )
        return render(request, "partners/duplicates.html", {"page": page, "by": by})


class MergeChoose(ObjectView):
    """With which other one an organisation is to be merged: those that are alike, or a search."""

    permission = "partners.merge_organisations"

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        words = " ".join(request.GET.get("words", "").replace("\0", "").split())[:100]
        if words:
            others = Organisation.objects.exclude(pk=self.target.pk)
            found = list(search.with_words(others, words).order_by("name", "id")[:20])
        else:
            found = search.similar_to(self.target)
        context = {"organisation": self.target, "found": found, "words": words}
        return render(request, "partners/merge_choose.html", context)


class Merge(ObjectView, FormView):
    """Two organisations side by side: what stands, what moves; asks once, then merges."""

    permission = "partners.merge_organisations"
    template_name = "partners/merge.html"
    form_class = MergeForm
    gone: Organisation

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def permission_object(self) -> models.Model | None:
        found = super().permission_object()
        # A second click finds the other one merged already, which is no error.
        others = Organisation.with_merged.exclude(pk=self.target.pk).filter(
            models.Q(merged_into__isnull=True) | models.Q(merged_into=self.target)
        )
        self.gone = get_object_or_404(others, pk=self.kwargs["other"])
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_over = self.gone.merged_into_id is not None
        return redirect(self.target) if is_over else super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kept": self.target, "gone": self.gone}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": merging.seen_version(self.target, self.gone)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [
            (Organisation._meta.get_field(name).verbose_name, *self._facts(name))
            for name in merging.FACTS
        ]
        preview = merging.preview(self.target, self.gone, self.request.user)
        return super().get_context_data(
            kept=self.target, gone=self.gone, facts=facts, preview=preview, **kwargs
        )

    def _facts(self, name: str) -> tuple[str, str]:
        return shown_fact(self.target, name), shown_fact(self.gone, name)

    def form_valid(self, form: MergeForm) -> HttpResponse:
        given = {"facts": form.facts(), "seen": form.cleaned_data["seen"]}
        user, now = self.request.user, timezone.now()
        try:
            merging.merge(kept=self.target, gone=self.gone, by=user, now=now, **given)
        except (merging.MergeRefused, ChangedMeanwhile) as problem:
            form.see(getattr(problem, "seen", given["seen"]))
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        words = _("The two are one now. All that hung on %(name)s has moved here.")
        messages.success(self.request, words % {"name": self.gone.name})
        return redirect(self.target)
