"""A call for expressions of interest: what it offers and asks, and its questions as data."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel
from projects.enums import DeliveryModel
from projects.models import Topic

from ..enums import UNDER_SEAL, CallState, Fills, MixDimension, QuestionKind
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
    # Nobody reads an answer before the call has closed, save by an opening that is recorded.
    is_sealed = models.BooleanField(_("sealed until it closes"), default=False)
    places = models.PositiveSmallIntegerField(_("places to give"), null=True, blank=True)
    top_score = models.PositiveSmallIntegerField(_("highest score"), default=5)
    scores_wanted = models.PositiveSmallIntegerField(_("assessors for each"), default=2)
    assess_by = models.DateField(_("scores wanted by"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # The same for a double click, so that one click more makes no second call.
    once_key = models.UUIDField(null=True, unique=True, editable=False)
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
    def is_sealed_now(self) -> bool:
        """Whether its answers are sealed: it is, and it has not closed."""
        return self.is_sealed and self.state in UNDER_SEAL

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
    title_cy = models.CharField(_("title in Welsh"), max_length=200, blank=True)
    introduction_cy = models.TextField(_("introduction in Welsh"), blank=True)

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
    text_cy = models.CharField(_("question in Welsh"), max_length=300, blank=True)
    help_cy = models.TextField(_("help in Welsh"), blank=True)
    easy_read = models.TextField(_("question in Easy Read"), blank=True)
    word_limit = models.PositiveSmallIntegerField(_("most words"), null=True, blank=True)
    # A list of {"value": ..., "label": ..., "label_cy": ...}, the last where there is Welsh.
    # Where ``fills`` is a topic the value is its slug,
    # where it is a delivery model the value is that of DeliveryModel.
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("needs an answer"), default=True)
    # A list of DeliveryModel values: then the answer is needed at these models only.
    required_from_model = models.JSONField(_("needed at these models"), default=list, blank=True)
    fills = models.CharField(
        _("says for the whole"), max_length=15, choices=Fills.choices, blank=True
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
    # Taken out of an open call: asked no longer, but what was answered is kept.
    is_retired = models.BooleanField(_("no longer asked"), default=False, editable=False)
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


class CallVersion(PortalModel):
    """The form of a call as it stood from one moment on. Rows are only ever added."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("from"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # What changed since the version before, in words for those who write.
    reason = models.TextField(_("what changed"), blank=True)
    # The whole form, as the export of a call writes it.
    form = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="call_version_once")]

    def __str__(self) -> str:
        return f"{self.call} {self.number}"


class CallChange(PortalModel):
    """The form of an open call as it is being changed: nobody outside sees it until it goes out."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="change")
    # Texts and sections, as ``callform.document.form_of`` gives them.
    form = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("last changed"))

    def __str__(self) -> str:
        return f"{self.call_id}"


class Criterion(PortalModel):
    """What assessors score, from 0 to the call's ``top_score``; weights are relative."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("criterion"), max_length=200)
    help = models.TextField(_("what to look for"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "order"], name="criterion_order_once"),
            models.CheckConstraint(name="criterion_weighs", condition=models.Q(weight__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class MixTarget(PortalModel):
    """A line of the mix that a call wants: how many places at least and at most."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="targets")
    dimension = models.CharField(_("counted by"), max_length=20, choices=MixDimension.choices)
    # A value of the dimension; see MixDimension.
    value = models.CharField(_("which"), max_length=80)
    least = models.PositiveSmallIntegerField(_("at least"), default=0)
    most = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of the mix")
        verbose_name_plural = _("lines of the mix")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "dimension", "value"], name="target_once"),
            models.CheckConstraint(
                name="target_most_not_below_least",
                condition=models.Q(most__isnull=True) | models.Q(most__gte=models.F("least")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.value}"
