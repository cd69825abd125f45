"""Place-based change: Demonstrators, their sites and how these moved, the plan, coaches' posts."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import OnceModel, PortalModel, StateModel
from partners.models import Organisation
from projects.models import Project

from .enums import STATE_COLOURS, TAKING_PART, PostState, SiteState
from .querysets import DemonstratorQuerySet, MoveQuerySet, PostQuerySet, SiteQuerySet


class Demonstrator(PortalModel):
    """What a project that works in a place adds: its kind of site, whom it is for, its plan."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="demonstrator")
    place = models.CharField(_("place"), max_length=120)
    site_singular = models.CharField(_("kind of site, one of them"), max_length=60)
    site_plural = models.CharField(_("kind of site, several of them"), max_length=60)
    people_words = models.CharField(_("whom it is for"), max_length=60)
    # People in the whole place who could benefit, whether or not a known site serves them.
    eligible_population = models.PositiveIntegerField(
        _("how many such people live in the place"), null=True, blank=True
    )
    plan = models.TextField(_("the plan in plain words"), blank=True)
    chase_after_days = models.PositiveSmallIntegerField(
        _("days without news after which a site is to be chased"),
        default=30,
        validators=[MinValueValidator(1)],
    )

    objects = DemonstratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("Demonstrator")
        ordering = ["project__title", "id"]
        constraints = [
            models.CheckConstraint(
                name="demonstrator_chases_after_a_day",
                condition=models.Q(chase_after_days__gte=1),
            )
        ]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return self.url("detail")

    def url(self, name: str) -> str:
        """The address of one of its pages."""
        return reverse(f"demonstrators:{name}", args=[self.project.slug])


class Site(StateModel, OnceModel):
    """A place of work that could take part, such as a general practice."""

    demonstrator = models.ForeignKey(Demonstrator, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=160)
    area = models.CharField(_("area"), max_length=80)
    population = models.PositiveIntegerField(
        _("how many of these people it serves"), null=True, blank=True
    )
    state = models.CharField(
        _("status"), max_length=20, choices=SiteState.choices, default=SiteState.NOT_APPROACHED
    )
    # The day on which it came into its state; it has none before its first move.
    since = models.DateField(_("since"), null=True, blank=True, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["demonstrator", "name", "id"], name="site_by_name")]
        constraints = [
            models.UniqueConstraint("demonstrator", Lower("name"), name="site_name_once"),
            models.CheckConstraint(
                name="site_has_a_day_once_it_moved",
                condition=models.Q(state=SiteState.NOT_APPROACHED, since__isnull=True)
                | (~models.Q(state=SiteState.NOT_APPROACHED) & models.Q(since__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.url("site")

    def url(self, name: str) -> str:
        """The address of one of its pages."""
        slug = self.demonstrator.project.slug
        return reverse(f"demonstrators:{name}", args=[slug, self.pk])

    @property
    def record_url(self) -> str:
        return self.url("site-record")

    @property
    def colour(self) -> str:
        return STATE_COLOURS[SiteState(self.state)]

    @property
    def takes_part(self) -> bool:
        return self.state in TAKING_PART


class SiteMove(PortalModel, OnceModel):
    """One move of a site from one state to another on the day on which it happened.

    Rows are only ever added; one that was wrong is marked as undone, with who, when and why.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="moves")
    source = models.CharField(_("from"), max_length=20, choices=SiteState.choices)
    target = models.CharField(_("to"), max_length=20, choices=SiteState.choices)
    happened_on = models.DateField(_("happened on"))
    reason = models.TextField(_("reason"))
    recorded_on = models.DateField(_("recorded on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undo_reason = models.TextField(_("why it was undone"), blank=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a site")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["site", "-id"], name="move_of_site"),
            models.Index(fields=["happened_on", "id"], name="move_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="move_never_in_the_future",
                condition=models.Q(happened_on__lte=models.F("recorded_on")),
            ),
            models.CheckConstraint(
                name="move_leads_somewhere", condition=~models.Q(source=models.F("target"))
            ),
            models.CheckConstraint(name="move_has_a_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="move_undone_with_a_reason",
                condition=models.Q(undone_at__isnull=True, undo_reason="", undone_by__isnull=True)
                | (models.Q(undone_at__isnull=False) & ~models.Q(undo_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"

    @property
    def undo_url(self) -> str:
        slug = self.site.demonstrator.project.slug
        return reverse("demonstrators:site-undo", args=[slug, self.site_id, self.pk])


class PlanPoint(PortalModel):
    """How many sites are to take part by the end of a month."""

    demonstrator = models.ForeignKey(
        Demonstrator, on_delete=models.CASCADE, related_name="plan_points"
    )
    # The first day of the month.
    month = models.DateField(_("month"))
    sites_planned = models.PositiveIntegerField(_("sites that are to take part"))

    class Meta:
        verbose_name = _("point of the plan")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["demonstrator", "month"], name="plan_point_once"),
            models.CheckConstraint(name="plan_point_is_a_month", condition=models.Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return str(self.sites_planned)


class CoachPost(StateModel, OnceModel):
    """A post of an improvement coach or facilitator. Who holds it follows from their role."""

    demonstrator = models.ForeignKey(Demonstrator, on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(_("title"), max_length=120)
    employer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coach_posts",
        verbose_name=_("who advertises it"),
    )
    about = models.TextField(_("what the post is"), blank=True)
    advert_url = models.URLField(_("web address of the advertisement"), blank=True)
    closes_on = models.DateField(_("last day to apply"), null=True, blank=True)
    state = models.CharField(
        _("status"), max_length=20, choices=PostState.choices, default=PostState.PLANNED
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("coach’s post")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    def url(self, name: str) -> str:
        """The address of one of its pages."""
        return reverse(f"demonstrators:{name}", args=[self.demonstrator.project.slug, self.pk])

    @property
    def edit_url(self) -> str:
        return self.url("post-edit")

    @property
    def status_url(self) -> str:
        return self.url("post-status")
