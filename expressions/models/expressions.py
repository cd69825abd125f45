"""An expression of interest: an organisation's answer to a call, written by its contacts."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel, StateModel
from partners.models import Organisation
from projects.enums import DeliveryModel
from projects.models import Topic

from ..enums import EDITABLE_STATES, ExpressionState, Source
from ..querysets import ExpressionQuerySet
from .calls import Call, Question, Section


class Expression(StateModel):
    """One organisation's expression of interest in one call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="expressions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="expressions"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ExpressionState.choices, default=ExpressionState.DRAFT
    )
    reference = models.CharField(_("reference"), max_length=20, blank=True)
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.ONLINE
    )
    # What the answers say for the whole, kept here so that lists filter by it.
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="expressions"
    )
    delivery_model = models.CharField(
        _("delivery model"), max_length=20, choices=DeliveryModel.choices, blank=True
    )
    is_first_timer = models.BooleanField(_("new to this kind of project"), default=False)
    is_struggling = models.BooleanField(_("a service that is struggling"), default=False)
    # The version of the call that its writers last opened.
    call_version = models.PositiveIntegerField(default=1, editable=False)
    # Who typed in what had come on paper, by telephone or as a video, and how it came.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="expressions_entered",
    )
    provenance = models.CharField(_("how it reached us"), max_length=300, blank=True)
    # When it reached us on paper or otherwise: for assisted entry this is what has to be in time.
    received_at = models.DateTimeField(_("reached us"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="expressions_started",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="expressions_submitted",
    )
    submitted_at = models.DateTimeField(_("sent in"), null=True, blank=True)
    # The name under the declaration, as it was typed.
    declared_by = models.CharField(_("declared by"), max_length=120, blank=True)
    # When the letter about its decision went out; until then its organisation learns nothing.
    told_at = models.DateTimeField(_("letter sent"), null=True, blank=True, editable=False)
    # When it was begun, then when it arrived: the order of lists, never null.
    listed_at = models.DateTimeField(editable=False)

    objects = ExpressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        ordering = ["-listed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                name="expression_once_an_organisation",
                condition=~models.Q(state=ExpressionState.WITHDRAWN),
            ),
            models.UniqueConstraint(
                fields=["reference"],
                name="expression_reference_once",
                condition=~models.Q(reference=""),
            ),
            models.CheckConstraint(
                name="expression_arrived_has_reference",
                condition=models.Q(state__in=[ExpressionState.DRAFT, ExpressionState.WITHDRAWN])
                | (models.Q(submitted_at__isnull=False) & ~models.Q(reference="")),
            ),
            models.CheckConstraint(
                name="expression_written_here_reached_us_so",
                condition=~models.Q(source=Source.ONLINE) | models.Q(received_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="expression_by_arrival"),
            models.Index(fields=["call", "state"], name="expression_of_call"),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("expressions:tasks", args=[self.pk])

    @property
    def own_state(self) -> str:
        """Where it stands, as its organisation is told: nothing of a decision before its letter."""
        if self.told_at:
            return str(self.get_state_display())
        if self.state == ExpressionState.DRAFT:
            return gettext("Draft, not sent in")
        withdrawn = self.state == ExpressionState.WITHDRAWN
        return gettext("Withdrawn") if withdrawn else gettext("Sent in")

    @property
    def is_entered_by_staff(self) -> bool:
        """Whether staff typed in what reached us on paper, by telephone or otherwise."""
        return self.source != Source.ONLINE and self.received_at is not None

    @property
    def is_editable(self) -> bool:
        """Whether its state lets the organisation change it; the call must be open too."""
        return self.state in EDITABLE_STATES


class Answer(PortalModel):
    """The answer to one question. ``version`` grows with each save (``services.save_answers``)."""

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    # Text, a number, or a list of choices; what was typed even where it is not yet right.
    value = models.JSONField(_("answer"), default=str, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"))
    # The call whose answer this was taken from, until somebody has checked it.
    carried_from = models.ForeignKey(
        Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["expression", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.expression_id}:{self.question_id}"


class SectionMark(PortalModel):
    """That somebody said a section is finished."""

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="marks")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="marks")
    is_finished = models.BooleanField(_("finished"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expression", "section"], name="section_marked_once")
        ]

    def __str__(self) -> str:
        return f"{self.expression_id}:{self.section_id}"


class SealOpening(PortalModel):
    """That a programme manager opened one expression of a sealed call before it closed, and why."""

    expression = models.OneToOneField(
        Expression, on_delete=models.CASCADE, related_name="seal_opening"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("opened"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.expression_id}"
