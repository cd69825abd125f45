"""Who scores which expression, what they scored, and which conflicts of interest they have."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel, StateModel

from ..enums import AssessmentState, ConflictState
from .calls import Criterion
from .expressions import Expression


class Assessment(StateModel):
    """One assessor's reading of one expression."""

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="assessments")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments"
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=AssessmentState.choices,
        default=AssessmentState.ASSIGNED,
    )
    comment = models.TextField(_("what else the panel should know"), blank=True)
    # Grows with each save, so that of two pages with the same form neither overwrites the other.
    version = models.PositiveIntegerField(default=0, editable=False)
    assigned_at = models.DateTimeField(_("assigned"))
    done_at = models.DateTimeField(_("scored"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["expression", "assessor"], name="assessed_once"),
            models.CheckConstraint(
                name="assessment_done_has_a_moment",
                condition=~models.Q(state=AssessmentState.DONE) | models.Q(done_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["assessor", "state"], name="assessment_queue")]

    def __str__(self) -> str:
        return f"{self.expression_id}:{self.assessor_id}"


class Score(PortalModel):
    """The points for one criterion, 0 to the call's ``top_score``, and why."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    # Empty while only the reason has been written.
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="scored_once")
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.points}"


class Conflict(PortalModel):
    """That somebody is, or may be, too close to an expression to judge it.

    While it is suggested or declared, the expression is hidden from the person everywhere:
    lists, pages, search, exports, messages and reports (``ExpressionQuerySet.visible_to``).
    """

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts"
    )
    state = models.CharField(_("state"), max_length=20, choices=ConflictState.choices)
    # Why the portal suggests it, or what the person wrote.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("declared"), null=True, blank=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["expression", "person"], name="conflict_once"),
            models.CheckConstraint(
                name="conflict_decided_has_a_moment",
                condition=models.Q(state=ConflictState.SUGGESTED, decided_at__isnull=True)
                | (~models.Q(state=ConflictState.SUGGESTED) & models.Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="conflict_of_person")]

    def __str__(self) -> str:
        return f"{self.expression_id}:{self.person_id}"


class Moderation(PortalModel):
    """The score on which the panel agreed where assessors differed; it then stands."""

    expression = models.OneToOneField(
        Expression, on_delete=models.CASCADE, related_name="moderation"
    )
    # 0 to 100, as the weighted scores are.
    points = models.DecimalField(_("agreed score"), max_digits=4, decimal_places=1)
    note = models.TextField(_("why"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("agreed"))

    class Meta:
        verbose_name = _("agreed score")
        constraints = [
            models.CheckConstraint(
                name="moderation_of_a_hundred",
                condition=models.Q(points__gte=0, points__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expression_id}: {self.points}"
