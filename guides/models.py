"""Ask IMPACT guides and how they are used; the evidence library; shared workforce priorities."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import OnceModel, PortalModel, StateModel
from partners.models import Organisation
from projects.models import Project, Topic

from .enums import GuideState, Helped, ResourceKind, ResourceStatus, UserRole
from .querysets import GuideQuerySet


class Guide(StateModel):
    """A question that the sector asked, and what became of it. Its words stand in versions."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="guide"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=GuideState.choices, default=GuideState.QUESTION
    )
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("guide")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class GuideVersion(PortalModel):
    """The words of a guide; frozen once ``published_at`` is set."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(_("question"), max_length=300)
    context = models.TextField(_("context"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guide_version_once")
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)s") % {"number": self.number})


class Consideration(PortalModel):
    """Something to think about, which opens on the guide's page."""

    version = models.ForeignKey(
        GuideVersion, on_delete=models.CASCADE, related_name="considerations"
    )
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="consideration_order_once")
        ]

    def __str__(self) -> str:
        return self.title


class UseFeedback(PortalModel, OnceModel):
    """How somebody has used a guide. Nothing says who it was."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="feedback")
    used_for = models.TextField(_("how they used it"))
    helped = models.CharField(_("whether it helped"), max_length=10, choices=Helped.choices)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=UserRole.choices, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["guide", "-id"], name="guide_feedback_newest")]

    def __str__(self) -> str:
        return str(_("Feedback on %(guide)s") % {"guide": self.guide})


class WorkforcePriority(PortalModel):
    """One of the areas on which three national bodies joined forces."""

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("shared workforce priority")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title


class SignOff(PortalModel):
    """Whether one body has agreed the deliverables of one priority, which each does by itself."""

    priority = models.ForeignKey(
        WorkforcePriority, on_delete=models.CASCADE, related_name="sign_offs"
    )
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sign_offs")
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)

    class Meta:
        ordering = ["priority", "body"]
        constraints = [
            models.UniqueConstraint(fields=["priority", "body"], name="sign_off_once_a_body")
        ]

    def __str__(self) -> str:
        return f"{self.priority}: {self.body}"


class Resource(PortalModel):
    """Something of use to others, with whose it is. An empty date is one that we do not know."""

    title = models.CharField(_("title"), max_length=250, unique=True)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="resources"
    )
    kind = models.CharField(_("type"), max_length=20, choices=ResourceKind.choices)
    summary = models.TextField(_("what it is"))
    dated = models.CharField(_("date, as its owner gives it"), max_length=60, blank=True)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices, blank=True)
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="resources"
    )
    priority = models.ForeignKey(
        WorkforcePriority,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resources",
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ResourceStatus.choices, default=ResourceStatus.AVAILABLE
    )
    url = models.URLField(_("where to find it"), blank=True)

    class Meta:
        verbose_name = _("resource")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["title", "id"], name="resource_by_title")]

    def __str__(self) -> str:
        return self.title
