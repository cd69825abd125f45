"""The work of a project beside its milestones: slips, risks, theory of change, pictures, files."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import FileKind, FileState
from core.models import OnceModel, PortalModel, StateModel

from ..enums import RISK_LEVELS, RiskState, TheoryKind
from ..querysets import RiskQuerySet
from .projects import Milestone, Project, Update

PROJECT_FILES = "project-files"
UPDATE_IMAGES = "update-images"


class MilestoneSlip(PortalModel):
    """That the day on which a milestone is due was changed. Rows are only ever added."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="slips")
    due_before = models.DateField(_("was due"), null=True)
    due_after = models.DateField(_("is due"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due_after}"

    @property
    def days(self) -> int:
        """How many days later it is due now; fewer than nought when it was moved forward."""
        both = self.due_before and self.due_after
        return (self.due_after - self.due_before).days if both else 0


class Risk(StateModel, OnceModel):
    """What may go wrong in a project, how likely and how bad, and what is done about it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="risks")
    description = models.TextField(_("what may go wrong"))
    likelihood = models.PositiveSmallIntegerField(
        _("how likely"),
        choices=[(number, str(number)) for number in RISK_LEVELS],
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    impact = models.PositiveSmallIntegerField(
        _("how bad"),
        choices=[(number, str(number)) for number in RISK_LEVELS],
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    # From 1 to 25; a column, so that the gravest come first on each page of a list.
    level = models.GeneratedField(
        expression=models.F("likelihood") * models.F("impact"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    response = models.TextField(_("what we do about it"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="risks_owned",
        verbose_name=_("who looks after it"),
    )
    reviewed_on = models.DateField(_("last looked at"), null=True, blank=True)
    review_on = models.DateField(_("to be looked at again"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RiskState.choices, default=RiskState.OPEN
    )

    objects = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_levels_from_1_to_5",
                condition=models.Q(
                    likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5
                ),
            )
        ]
        indexes = [
            models.Index(fields=["project", "state", "-level", "-id"], name="risk_of_project"),
            models.Index(
                fields=["review_on", "id"],
                name="risk_open_by_review",
                condition=models.Q(state=RiskState.OPEN, review_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.description[:80]

    @property
    def is_open(self) -> bool:
        return self.state == RiskState.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether somebody should have looked at it before ``today``."""
        return self.is_open and self.review_on is not None and self.review_on < today


class TheoryPart(PortalModel, OnceModel):
    """One box of a project's theory of change, an outcomes chain."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="theory")
    kind = models.CharField(_("kind"), max_length=12, choices=TheoryKind.choices)
    text = models.CharField(_("in a few words"), max_length=200)
    # The order within its kind, for the drawing and the list.
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("part of the theory of change")
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.text


class TheoryLink(PortalModel):
    """That one part of the theory of change leads to another, or supports it."""

    source = models.ForeignKey(TheoryPart, on_delete=models.CASCADE, related_name="leads_to")
    target = models.ForeignKey(TheoryPart, on_delete=models.CASCADE, related_name="comes_from")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="theory_link_once"),
            models.CheckConstraint(
                name="theory_link_not_to_itself",
                condition=~models.Q(source=models.F("target")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


def update_image_path(image: "UpdateImage", name: str) -> str:
    """A name that says nothing of the picture but its format."""
    return f"{UPDATE_IMAGES}/{uuid4().hex}.{name.rpartition('.')[2]}"


class UpdateImage(PortalModel, OnceModel):
    """A picture of an update. An update is not published while one lacks its words."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(upload_to=update_image_path, max_length=120)
    alternative = models.CharField(
        _("what the picture shows, for people who cannot see it"), max_length=300, blank=True
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("picture")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.alternative or str(_("picture"))


def project_file_path(file: "ProjectFile", name: str) -> str:
    """A name that says nothing of what is in it, in a folder for each project."""
    return f"{PROJECT_FILES}/{file.project_id}/{uuid4().hex}"


class ProjectFile(StateModel, OnceModel):
    """A document of a project, for those who see its page. A refused one is not kept."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=project_file_path, max_length=120, blank=True)
    title = models.CharField(_("what it is"), max_length=200)
    name = models.CharField(_("name of the file"), max_length=150)
    kind = models.CharField(_("kind of file"), max_length=10, choices=FileKind.choices)
    size = models.PositiveIntegerField(_("size in bytes"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=FileState.choices, default=FileState.WAITING
    )

    class Meta:
        verbose_name = _("file")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="project_file_kept_unless_refused",
                condition=models.Q(state=FileState.REFUSED, file="")
                | (~models.Q(state=FileState.REFUSED) & ~models.Q(file="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="project_file_waiting",
                condition=models.Q(state=FileState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:file", args=[self.project_id, self.pk])

    @property
    def is_usable(self) -> bool:
        """Whether it may be opened."""
        return self.state in {FileState.CLEAN, FileState.UNSCANNED}
