"""A call for expressions of interest: what it offers and asks, and its questions as data."""

from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel
from projects.enums import DeliveryModel
from projects.models import Topic

from ..enums import CallState, Fills, QuestionKind
from ..querysets import CallQuerySet


class Call(StateModel):
    """An open call. Its questions are frozen once it is open; a change makes a new ``version``."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    summary = models.TextField(_("in a few words"), blank=True)
    topics = models.ManyToManyField(Topic, related_name="calls", blank=True)
    # Lists of DeliveryModel and Nation values.
    delivery_models = models.JSONField(_("delivery models"), default=list, blank=True)
    nations = models.JSONField(_("nations"), default=list, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    offer = models.TextField(_("what we offer"), blank=True)
    ask = models.TextField(_("what we ask of you"), blank=True)
    looking_for = models.TextField(_("what we look for"), blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=CallState.choices, default=CallState.DRAFT
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # The last number that was given to an expression; the row is locked while it grows.
    last_number = models.PositiveIntegerField(default=0, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="call_closes_after_it_opens",
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
            ),
            models.CheckConstraint(
                name="call_beyond_draft_has_dates",
                condition=models.Q(state=CallState.DRAFT)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="call_by_closing")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("expressions:call", args=[self.slug])

    def is_open_at(self, now: datetime) -> bool:
        """Whether something received at ``now``, by the database's clock, counts."""
        return (
            self.state == CallState.OPEN
            and self.opens_at is not None
            and self.closes_at is not None
            and self.opens_at <= now < self.closes_at
        )

    @property
    def delivery_model_labels(self) -> list[str]:
        return [str(DeliveryModel(value).label) for value in self.delivery_models]

    @property
    def nation_labels(self) -> list[str]:
        return [str(Nation(value).label) for value in self.nations]


class Section(PortalModel):
    """A part of the form: one page of questions."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("section")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "order"], name="section_order_once")]

    def __str__(self) -> str:
        return self.title


class Question(PortalModel):
    """One question, with all that is needed to show, check and read back its answer."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    # Stays the same from year to year, so that answers can be carried forward.
    key = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("help"), blank=True)
    word_limit = models.PositiveSmallIntegerField(_("most words"), null=True, blank=True)
    # A list of {"value": ..., "label": ...}. Where ``fills`` is a topic the value is its slug,
    # where it is a delivery model the value is that of DeliveryModel.
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("needs an answer"), default=True)
    # A list of DeliveryModel values: then the answer is needed at these models only.
    required_from_model = models.JSONField(_("needed at these models"), default=list, blank=True)
    fills = models.CharField(
        _("says for the whole"), max_length=10, choices=Fills.choices, blank=True
    )
    condition = models.ForeignKey(
        "self",
        # Restrict and not protect: a whole call may go, with all its questions.
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="conditional",
        verbose_name=_("asked only after"),
    )
    # The answers to ``condition`` after which this question is asked.
    condition_values = models.JSONField(_("when the answer is"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["section__order", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "order"], name="question_order_once"),
            models.UniqueConstraint(fields=["section", "key"], name="question_key_once"),
            models.CheckConstraint(
                name="question_condition_is_not_itself",
                condition=models.Q(condition__isnull=True) | ~models.Q(condition=models.F("id")),
            ),
            models.CheckConstraint(
                name="question_limits_words_of_text",
                condition=models.Q(word_limit__isnull=True)
                | models.Q(kind__in=[QuestionKind.SHORT, QuestionKind.LONG]),
            ),
        ]

    def __str__(self) -> str:
        return self.text
