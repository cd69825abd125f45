"""A report run: who asked for what, how far it is, the figures it was made from, its files."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import StateModel

from .enums import FileKind, RunState
from .querysets import ReportRunQuerySet


class ReportRun(StateModel):
    """One making of a report.

    ``figures`` holds everything that the files show, frozen when the run was made: the same run
    can be rendered again, and each number traced.
    """

    kind = models.CharField(_("report"), max_length=80)
    parameters = models.JSONField(default=dict, blank=True)
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
    claimed_at = models.DateTimeField(null=True, editable=False)
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
        ]

    def __str__(self) -> str:
        return self.kind


class ReportFile(models.Model):
    """A finished file of a run, with the hash by which a backup can be checked."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    file = models.FileField(upload_to="reports/%Y/%m/")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="one_file_of_a_kind_in_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run}.{self.kind}"
