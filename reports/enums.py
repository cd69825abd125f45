"""Choices about report runs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    WAITING = "waiting", _("Waiting to start")
    BUILDING = "building", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")


UNFINISHED = frozenset({RunState.WAITING, RunState.BUILDING})


class FileKind(TextChoices):
    PDF = "pdf", _("PDF")
    XLSX = "xlsx", _("Excel")
    DOCX = "docx", _("Word")
    CSV = "csv", _("CSV")


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.CSV: "text/csv; charset=utf-8",
}
