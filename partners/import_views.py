"""Bringing in a file of organisations: upload, what the check says, save it or put it away."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access import ObjectView, PortalView
from core.exports import csv_response
from core.transitions import TransitionNotAllowed

from . import exports, imports, selectors, transitions
from .forms import ConfirmImportForm, UploadForm
from .importing import UnreadableFile
from .models import OrganisationImport


class Imports(PortalView, FormView):
    """Uploading a file; and one's own files of the last week."""

    permission = "partners.import_organisations"
    template_name = "partners/imports.html"
    form_class = UploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uploads = OrganisationImport.objects.visible_to(self.request.user).defer("rows")[:20]
        return super().get_context_data(uploads=uploads, **kwargs)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        given, user = form.cleaned_data, self.request.user
        try:
            upload = imports.keep_checked(
                content=given["file"], once_key=given["once_key"], by=user, now=timezone.now()
            )
        except UnreadableFile as problem:
            form.add_error("file", str(problem))
            return self.form_invalid(form)
        return redirect(upload)


class ImportTemplate(PortalView):
    """The file to begin with: the headings and an example."""

    permission = "partners.import_organisations"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        head, *rows = exports.template_rows()
        return csv_response("organisations-to-import.csv", head, rows)


class ImportView(ObjectView):
    """What the pages of one file share: it is its owner's alone."""

    permission = "partners.use_import"
    target: OrganisationImport

    def visible(self) -> models.QuerySet:
        return OrganisationImport.objects.visible_to(self.request.user)


class ImportPage(ImportView, FormView):
    """What the check says of each row; then saving it, with its progress."""

    template_name = "partners/import.html"
    form_class = ConfirmImportForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = selectors.import_page(
            self.target, self.request.GET.get("show", ""), self.request.GET.get("page", "1")
        )
        return super().get_context_data(upload=self.target, shown=shown, **kwargs)

    def form_valid(self, form: ConfirmImportForm) -> HttpResponse:
        fill = form.cleaned_data["known"] == "fill"
        user, now = self.request.user, timezone.now()
        try:
            imports.confirm(obj=self.target, fill_blanks=fill, by=user, now=now)
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        return redirect(self.target)


class ImportReport(ImportView):
    """What the check says of each row, as a file."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        head, rows = exports.import_header(), exports.import_rows(self.target)
        return csv_response("organisations-checked.csv", head, rows)


class ImportCancel(ImportView):
    """Puts a file away; nothing of it is saved."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        try:
            transitions.cancel_import(obj=self.target, by=request.user, now=timezone.now())
        except TransitionNotAllowed as problem:
            messages.error(request, str(problem))
            return redirect(self.target)
        messages.success(request, _("The file is put away. Nothing of it was saved."))
        return redirect("partners:imports")
