"""The outreach log: what is to be followed up, and noting each time we got in touch."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.exports import csv_response
from core.paging import keyset_page
from core.versions import ChangedMeanwhile, details_of, version_of

from . import exports, outreach
from .filters import OutreachFilter, filtered
from .forms import OutreachForm
from .models import Organisation, OutreachContact


class FollowUps(PortalView):
    """What is to be followed up across the register, the earliest first."""

    permission = "partners.view_outreach"

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = OutreachContact.objects.visible_to(request.user).to_follow_up()
        found = OutreachFilter(request.GET, entries, request=request)
        page = keyset_page(
            found.qs.select_related("organisation", "by"),
            order=["follow_up_on", "id"],
            cursor=request.GET.get("cursor"),
        )
        may_log = request.user.has_perm("partners.log_outreach")
        today = timezone.localdate()
        context = {"filter": found, "page": page, "may_log": may_log, "today": today}
        return render(request, "partners/outreach.html", context)


class FollowUpsExport(PortalView):
    """The follow-ups as filtered, as CSV."""

    permission = "partners.view_outreach"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        found = filtered("outreach", request.GET, request.user)
        head, rows = exports.outreach_header(), exports.outreach_rows(found)
        return csv_response("outreach.csv", head, rows)


class OutreachAdd(ObjectView, FormView):
    """Noting that one of us got in touch."""

    permission = "partners.log_outreach"
    template_name = "partners/outreach_form.html"
    form_class = OutreachForm

    def visible(self) -> models.QuerySet:
        return Organisation.objects.visible_to(self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"by": self.request.user.pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.target, entry=None, **kwargs)

    def form_valid(self, form: OutreachForm) -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in outreach.FIELDS}
        outreach.log_outreach(
            organisation=self.target,
            values=values,
            once_key=form.cleaned_data["once_key"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(self.request, _("It is in the outreach log."))
        return redirect(f"{self.target.get_absolute_url()}#outreach")


class EntryView(ObjectView):
    """What the pages about one entry of the log share."""

    permission = "partners.log_outreach"
    target: OutreachContact

    def visible(self) -> models.QuerySet:
        entries = OutreachContact.objects.visible_to(self.request.user)
        return entries.select_related("organisation", "by")

    def back_url(self) -> str:
        return f"{self.target.organisation.get_absolute_url()}#outreach"


class OutreachEdit(EntryView, FormView):
    """Putting an entry right."""

    template_name = "partners/outreach_form.html"
    form_class = OutreachForm

    def get_initial(self) -> dict[str, Any]:
        details = details_of(self.target, outreach.FIELDS)
        return {**details, "seen": version_of(details)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            organisation=self.target.organisation, entry=self.target, **kwargs
        )

    def form_valid(self, form: OutreachForm) -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in outreach.FIELDS}
        seen, user, now = form.cleaned_data["seen"], self.request.user, timezone.now()
        try:
            outreach.change_outreach(obj=self.target, values=values, seen=seen, by=user, now=now)
        except ChangedMeanwhile as problem:
            form.see(problem.seen)
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The outreach log is put right."))
        return redirect(self.back_url())


class OutreachRemove(EntryView):
    """Asks once, then removes an entry."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"entry": self.target, "back_url": self.back_url()}
        return render(request, "partners/outreach_remove.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        outreach.remove_outreach(obj=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("The entry is removed."))
        return redirect(self.back_url())


class FollowUpDone(EntryView):
    """Says that there is nothing left to follow up."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        outreach.settle_follow_up(obj=self.target, by=request.user, now=timezone.now())
        words = _("%(name)s is off the list of follow-ups.")
        messages.success(request, words % {"name": self.target.organisation.name})
        return redirect("partners:outreach")
