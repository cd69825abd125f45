"""The programme: phases, objectives, topics, and projects of four delivery models."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel
from partners.models import Organisation

from .enums import DeliveryModel, ProjectState, Rag, TopicState
from .querysets import ProjectQuerySet


class Phase(PortalModel):
    """A phase of the centre's programme."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Objective(PortalModel):
    """One of the four objectives of the centre."""

    number = models.PositiveSmallIntegerField(unique=True)
    short_name = models.CharField(_("short name"), max_length=80)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.short_name


class Topic(StateModel):
    """A theme that the programme works on, or was asked to."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=30, choices=TopicState.choices, default=TopicState.SUGGESTED
    )

    class Meta:
        verbose_name = _("topic")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Project(StateModel):
    """A piece of work in one of the four delivery models."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    model = models.CharField(_("delivery model"), max_length=20, choices=DeliveryModel.choices)
    summary = models.TextField(_("summary in plain words"), blank=True)
    # A list of Nation values: a Network works in all four at once.
    nations = models.JSONField(_("nations"), default=list)
    topics = models.ManyToManyField(Topic, related_name="projects", blank=True)
    objectives = models.ManyToManyField(Objective, related_name="projects", blank=True)
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects_led",
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = models.CharField(
        _("status"), max_length=20, choices=ProjectState.choices, default=ProjectState.PROPOSED
    )
    rag = models.CharField(_("how it is going"), max_length=10, choices=Rag.choices, blank=True)
    is_public = models.BooleanField(_("has a public page"), default=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="project_ends_after_it_starts",
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="project_by_change")]

    def __str__(self) -> str:
        return self.title

    @property
    def nation_labels(self) -> list[str]:
        return [str(Nation(value).label) for value in self.nations]
