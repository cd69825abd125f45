"""A report run: who asked for what, how far it is, the figures it was made from, its files."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import StateModel

from .enums import UNFINISHED, FileKind, RunState
from .querysets import ReportRunQuerySet
from .registry import report_kinds


class ReportRun(StateModel):
    """One making of a report.

    ``figures`` holds everything that the files show, frozen when the run was made: the same run
    can be rendered again, and each number traced.
    """

    kind = models.CharField(_("report"), max_length=80)
    parameters = models.JSONField(default=dict, blank=True)
    # SHA-256 of the parameters: one and the same request waits once only.
    parameters_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="report_runs"
    )
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    state = models.CharField(
        _("state"), max_length=20, choices=RunState.choices, default=RunState.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    figures = models.JSONField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    keep_until = models.DateField(_("kept until"), null=True, blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="run_not_beyond_total", condition=models.Q(done__lte=models.F("total"))
            ),
            models.CheckConstraint(
                name="run_ready_has_figures",
                condition=~models.Q(state=RunState.READY) | models.Q(figures__isnull=False),
            ),
            models.CheckConstraint(
                name="run_building_has_claim",
                condition=~models.Q(state=RunState.BUILDING)
                | models.Q(claim__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="run_failed_has_words",
                condition=~models.Q(state=RunState.FAILED) | ~models.Q(problem=""),
            ),
            models.UniqueConstraint(
                name="run_waits_once",
                fields=["kind", "requested_by", "parameters_hash"],
                condition=models.Q(state=RunState.WAITING),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="run_unfinished",
                condition=models.Q(state__in=[RunState.WAITING, RunState.BUILDING]),
            ),
        ]

    def __str__(self) -> str:
        return str(report_kinds.get(self.kind).title) if self.kind in report_kinds else self.kind

    def get_absolute_url(self) -> str:
        kind = report_kinds.get(self.kind) if self.kind in report_kinds else None
        if kind and kind.page:
            return kind.page(self)
        return reverse("reports:run", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


def file_path(file: "ReportFile", name: str) -> str:
    """Each run has a folder of its own, so that what a crash left in it is easily found."""
    return f"{run_folder(file.run_id)}/{name}"


def run_folder(run_id: int) -> str:
    return f"reports/{run_id}"


class ReportFile(models.Model):
    """A finished file of a run, with the hash by which a backup can be checked."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    file = models.FileField(upload_to=file_path)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="one_file_of_a_kind_in_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run}.{self.kind}"
