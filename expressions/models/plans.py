"""Plans of the mix: who would have the places of a call under which lines."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import OnceModel, StateModel

from ..enums import PlanScores, PlanState
from .calls import Call


class Plan(StateModel, OnceModel):
    """One way to fill the places of a call. What was worked out is frozen with what it was worked
    out from (``digest``); ``version`` grows with each change of what is asked."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(_("name of the plan"), max_length=100)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PlanState.choices, default=PlanState.IDEA
    )
    places = models.PositiveSmallIntegerField(_("places to give"))
    scores = models.CharField(
        _("which scores"), max_length=10, choices=PlanScores.choices, default=PlanScores.ADJUSTED
    )
    # [dimension, value, least, most or null] of each line of the mix.
    lines = models.JSONField(default=list, blank=True)
    # Ids of expressions.
    must = models.JSONField(_("must have a place"), default=list, blank=True)
    must_not = models.JSONField(_("must not have a place"), default=list, blank=True)
    # As ``planning.work_out`` gives it; empty until then.
    result = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    worked_out_at = models.DateTimeField(_("worked out"), null=True, blank=True)
    # By expression id, the share of draws of assessors in which it is chosen.
    shares = models.JSONField(default=dict, blank=True)
    firm_at = models.DateTimeField(null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("plan of the mix")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"],
                name="plan_one_proposal",
                condition=models.Q(state=PlanState.PROPOSAL),
            ),
            models.CheckConstraint(name="plan_has_places", condition=models.Q(places__gte=1)),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="plan_to_firm_up",
                condition=models.Q(firm_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("expressions:plan", args=[self.call_id, self.pk])

    @property
    def status(self) -> str:
        """How the working-out ended: "" before it."""
        return str(self.result.get("status", ""))

    @property
    def offered(self) -> list[int]:
        """The expressions that would have a place, the highest score first."""
        return list(self.result.get("chosen", []))

    @property
    def weighed(self) -> dict[int, str]:
        """By expression that it weighed, the mark of how that stood then (``planning.mark_of``)."""
        found: dict[str, str] = self.result.get("weighed", {})
        return {int(one): mark for one, mark in found.items()}

    @property
    def reserve_of(self) -> dict[int, int | None]:
        """By expression with a place, who would stand in for it."""
        found: dict[str, Any] = self.result.get("reserves", {})
        return {int(one): reserve for one, reserve in found.items()}

    @property
    def reserves(self) -> list[int]:
        """The expressions in reserve, in the order of the places that they stand for."""
        found = [self.reserve_of.get(one) for one in self.offered]
        return [one for one in found if one is not None]
