"""Topics: where each came from, how it was assessed, and the evidence that it still lacks."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import OnceModel, PortalModel, StateModel
from partners.models import Organisation

from ..enums import Criterion, EvidenceKind, GapOutcome, GapState, OriginKind, Score, TopicState
from ..querysets import GapAskQuerySet, TopicQuerySet


def _person(related_name: str = "+", **options: Any) -> models.ForeignKey:
    """A person who did something; the deed stays when their data are erased."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name=related_name,
        **options,
    )


class Topic(StateModel):
    """A theme that the programme works on, or was asked to."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=30, choices=TopicState.choices, default=TopicState.SUGGESTED
    )
    # The key of the form that suggested it; topics that were loaded have none.
    once_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        ordering = ["title"]
        indexes = [models.Index(fields=["title", "id"], name="topic_by_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page for those who work on it; the thread is at ``thread_url``."""
        return reverse("projects:topic", args=[self.pk])

    @property
    def thread_url(self) -> str:
        return reverse("projects:topic-thread", args=[self.slug])

    @property
    def is_public(self) -> bool:
        """Whether everybody may read its thread."""
        return self.state == TopicState.IN_PROGRAMME


class TopicOrigin(PortalModel, OnceModel):
    """Who or what raised a topic: a survey's priority, an assembly, the staff, a partner.

    The survey and the assembly live in rooms above this one, so the link is an address.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="origins")
    kind = models.CharField(_("who raised it?"), max_length=10, choices=OriginKind.choices)
    label = models.CharField(_("in a few words"), max_length=200)
    url = models.URLField(_("where it can be read"), max_length=300, blank=True)
    raised_on = models.DateField(_("when it was raised"), null=True, blank=True)

    class Meta:
        verbose_name = _("origin of a topic")
        ordering = [models.F("raised_on").asc(nulls_last=True), "id"]

    def __str__(self) -> str:
        return self.label


class TopicScore(PortalModel):
    """What was agreed on one criterion, and why. Rows are only ever added: the last one counts."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField(
        _("score"),
        choices=Score.choices,
        validators=[MinValueValidator(Score.NOT), MaxValueValidator(Score.FULLY)],
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField()
    by = _person()

    class Meta:
        verbose_name = _("score of a topic")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["topic", "criterion", "id"], name="score_of_topic")]
        constraints = [
            models.CheckConstraint(
                name="topic_score_in_range",
                condition=models.Q(score__gte=Score.NOT, score__lte=Score.FULLY),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.get_score_display()}"


class EvidenceGap(StateModel, OnceModel):
    """The evidence that a topic lacks, which partners are asked for until the gap is closed."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="gaps")
    missing = models.TextField(_("what is missing?"))
    # A list of EvidenceKind values.
    kinds = models.JSONField(_("of which kind?"), default=list)
    wanted_by = models.DateField(_("when do we need replies by?"))
    state = models.CharField(
        _("state"), max_length=10, choices=GapState.choices, default=GapState.OPEN
    )
    opened_by = _person()
    outcome = models.CharField(
        _("is the gap filled?"), max_length=10, choices=GapOutcome.choices, blank=True
    )
    outcome_words = models.TextField(_("what did we learn?"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = _person()

    class Meta:
        verbose_name = _("evidence gap")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic"],
                condition=models.Q(state=GapState.OPEN),
                name="gap_open_once_for_a_topic",
            ),
            models.CheckConstraint(
                name="gap_closed_has_outcome_and_moment",
                condition=models.Q(state=GapState.OPEN, closed_at__isnull=True, outcome="")
                | (
                    models.Q(state=GapState.CLOSED, closed_at__isnull=False) & ~models.Q(outcome="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.missing[:80]

    @property
    def is_open(self) -> bool:
        return self.state == GapState.OPEN

    @property
    def kind_labels(self) -> list[str]:
        return [str(kind.label) for kind in EvidenceKind if kind.value in self.kinds]


class GapAsk(PortalModel):
    """That a person of an organisation was asked to fill a gap, with their own link for replies.

    Only the hash of the link's token is kept. The token itself is made anew from ``nonce`` and
    the portal's secret key when a reminder has to carry it: see ``projects/topic_links.py``.
    A reply stays when the data of the person who was asked are erased.
    """

    gap = models.ForeignKey(EvidenceGap, on_delete=models.CASCADE, related_name="asks")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = _person("gaps_asked")
    nonce = models.CharField(max_length=43, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = _person()
    expires_at = models.DateTimeField(_("the link works until"))

    objects = GapAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for evidence")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gap", "organisation", "person"], name="gap_asked_once_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        """The page for the person once they are signed in; the link by e-mail is another."""
        return reverse("projects:gap-asked", args=[self.pk])

    def takes_replies_at(self, now: datetime) -> bool:
        """Whether its link still works."""
        return self.gap.is_open and now < self.expires_at


class GapReply(PortalModel, OnceModel):
    """What an organisation answered; there may be several until the gap is closed."""

    ask = models.ForeignKey(GapAsk, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField(_("your reply"))
    # A list of http and https addresses.
    links = models.JSONField(_("links"), default=list, blank=True)
    at = models.DateTimeField(_("received"))
    # Set when somebody of the staff wrote down what came by telephone or letter.
    entered_by = _person()

    class Meta:
        verbose_name = _("reply about evidence")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
