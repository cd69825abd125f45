"""The programme: phases, objectives, and projects of four delivery models."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import OnceModel, PortalModel, StateModel
from partners.models import Organisation

from ..enums import (
    OPEN_STATES,
    Audience,
    ChangeStage,
    ContributionKind,
    DeliveryModel,
    LearningKind,
    ProjectState,
    Rag,
    UpdateState,
)
from ..querysets import ContributionQuerySet, MilestoneQuerySet, ProjectQuerySet, UpdateQuerySet
from .topics import Topic


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


class Tag(PortalModel):
    """A word under which projects are found together, besides their topics."""

    name = models.CharField(_("tag"), max_length=40)
    # The name in small letters: "Carers" and "carers" are one tag.
    key = models.CharField(max_length=160, unique=True, editable=False)

    class Meta:
        verbose_name = _("tag")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Project(StateModel, OnceModel):
    """A piece of work in one of the four delivery models."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    model = models.CharField(_("delivery model"), max_length=20, choices=DeliveryModel.choices)
    summary = models.TextField(_("summary in plain words"), blank=True)
    topics = models.ManyToManyField(Topic, related_name="projects", blank=True)
    objectives = models.ManyToManyField(Objective, related_name="projects", blank=True)
    tags = models.ManyToManyField(Tag, related_name="projects", blank=True, verbose_name=_("tags"))
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
        # The staff list is in the order of change: whole, and by each of the commonest filters.
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="project_by_change"),
            models.Index(fields=["state", "-updated_at", "-id"], name="project_by_state"),
            models.Index(fields=["model", "-updated_at", "-id"], name="project_by_model"),
            models.Index(fields=["rag", "-updated_at", "-id"], name="project_by_rag"),
            models.Index(fields=["lead", "-updated_at", "-id"], name="project_by_lead"),
            models.Index(fields=["host", "-updated_at", "-id"], name="project_by_host"),
            models.Index(fields=["phase", "-updated_at", "-id"], name="project_by_phase"),
            models.Index(fields=["title", "id"], name="project_by_title"),
            models.Index(
                fields=["title", "id"],
                name="project_public_by_title",
                condition=models.Q(is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page for those who work on it; the public page is ``public_url``."""
        return reverse("projects:detail", args=[self.pk])

    @property
    def takes_roles(self) -> bool:
        """Whether people can get a role in it, also by an invitation that was sent before."""
        return self.is_open

    @property
    def is_open(self) -> bool:
        """Whether work on it goes on."""
        return self.state in OPEN_STATES

    @property
    def public_url(self) -> str:
        return reverse("projects:public-detail", args=[self.slug])

    @property
    def nations(self) -> list[str]:
        """The nations it works in, in the order in which the portal shows them."""
        held = {row.nation for row in self.nation_rows.all()}
        return [value for value in Nation.values if value in held]

    @property
    def nation_labels(self) -> list[str]:
        return [str(Nation(value).label) for value in self.nations]


class ProjectNation(models.Model):
    """That a project works in a nation; a Network works in all four at once."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="nation_rows")
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "nation"], name="project_nation_once")
        ]
        indexes = [models.Index(fields=["nation", "project"], name="project_of_nation")]

    def __str__(self) -> str:
        return str(self.get_nation_display())


class Milestone(PortalModel, OnceModel):
    """Something that a project is to have done, at one stage of the Change Model.

    A milestone without ``due_on`` has no date yet and is never late.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    stage = models.CharField(_("stage"), max_length=20, choices=ChangeStage.choices)
    title = models.CharField(_("what is to be done"), max_length=200)
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="milestone_open_by_due",
                condition=models.Q(done_on__isnull=True, due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Update(StateModel, OnceModel):
    """News of a project, for the team or for everybody; only a draft can be changed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="updates")
    audience = models.CharField(_("who is it for?"), max_length=10, choices=Audience.choices)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    state = models.CharField(
        _("state"), max_length=20, choices=UpdateState.choices, default=UpdateState.DRAFT
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        ordering = [models.F("published_at").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="update_published_has_a_moment",
                condition=models.Q(state=UpdateState.PUBLISHED, published_at__isnull=False)
                | models.Q(state=UpdateState.DRAFT, published_at__isnull=True),
            ),
            # The person may be gone when their data are erased; the moment stays.
            models.CheckConstraint(
                name="update_published_by_needs_published_at",
                condition=models.Q(published_at__isnull=False)
                | models.Q(published_by__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-published_at"], name="update_of_project"),
            models.Index(
                fields=["written_by", "-id"],
                name="update_draft_by_writer",
                condition=models.Q(state=UpdateState.DRAFT),
            ),
            models.Index(
                fields=["-published_at", "-id"],
                name="update_by_publishing",
                condition=models.Q(state=UpdateState.PUBLISHED),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:update", args=[self.project_id, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == UpdateState.DRAFT

    @property
    def is_for_everybody(self) -> bool:
        return self.state == UpdateState.PUBLISHED and self.audience == Audience.PUBLIC


class RagChange(PortalModel):
    """One change of how a project is going, with its reason. Rows are only ever added."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rag_changes")
    rag_before = models.CharField(max_length=10, choices=Rag.choices, blank=True)
    rag = models.CharField(_("how it is going"), max_length=10, choices=Rag.choices)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["project", "at"], name="rag_change_of_project")]

    def __str__(self) -> str:
        return str(self.get_rag_display())


class Learning(PortalModel, OnceModel):
    """What helped or hindered putting evidence to work: the centre's fourth objective."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="learning")
    kind = models.CharField(_("helped or hindered"), max_length=10, choices=LearningKind.choices)
    stage = models.CharField(_("stage"), max_length=20, choices=ChangeStage.choices, blank=True)
    text = models.TextField(_("what we learned"))

    class Meta:
        verbose_name = _("learning")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "-created_at", "-id"], name="learning_by_writing"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Outcome(PortalModel, OnceModel):
    """A change that a project led to, and how we know."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="outcomes")
    text = models.TextField(_("what changed, and for whom"))
    evidence = models.TextField(_("how we know"), blank=True)
    seen_on = models.DateField(_("when we saw it"), null=True, blank=True)

    class Meta:
        verbose_name = _("outcome")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class Contribution(PortalModel, OnceModel):
    """What the centre gave to others' work: an event, a campaign, a round table, a programme.

    Without a project it is the centre's own.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="contributions"
    )
    partner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("partner organisation"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ContributionKind.choices)
    title = models.CharField(_("title"), max_length=200)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    text = models.TextField(_("what we gave"))
    result = models.TextField(_("what came of it"), blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
