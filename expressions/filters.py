"""Filters of the staff's list of expressions."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.filters import PortalFilterSet
from core.forms import FilterForm
from partners.enums import OrganisationKind
from projects.enums import DeliveryModel
from projects.models import Topic

from .enums import CallState, ExpressionState
from .models import Call, Expression


class Unsealed:
    """A filter by an answer finds nothing in a call whose answers are sealed."""

    def filter(self, found: QuerySet, value: Any) -> QuerySet:
        narrowed = super().filter(found, value)  # type: ignore[misc]
        if narrowed is found:
            return found
        return narrowed.unsealed()


class UnsealedModelChoiceFilter(Unsealed, django_filters.ModelChoiceFilter):
    pass


class UnsealedMultipleChoiceFilter(Unsealed, django_filters.MultipleChoiceFilter):
    pass


def _calls(request: object) -> object:
    return Call.objects.order_by("-opens_at", "-id")


def _topics(request: object) -> object:
    return Topic.objects.filter(calls__isnull=False).distinct().order_by("title")


class ExpressionFilter(PortalFilterSet):
    """By call, state, nation, kind of organisation, topic and delivery model."""

    panel_kept_for = 30

    call = django_filters.ModelChoiceFilter(
        label=_("Call"), queryset=_calls, empty_label=_("All calls")
    )
    call_state = django_filters.ChoiceFilter(
        label=_("State of the call"),
        field_name="call__state",
        choices=CallState.choices,
        empty_label=_("All states"),
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=ExpressionState.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    nation = django_filters.MultipleChoiceFilter(
        label=_("Nation"),
        field_name="organisation__nation",
        choices=Nation.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind of organisation"),
        field_name="organisation__kind",
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    topic = UnsealedModelChoiceFilter(
        label=_("Topic"), queryset=_topics, empty_label=_("All topics")
    )
    model = UnsealedMultipleChoiceFilter(
        label=_("Delivery model"),
        field_name="delivery_model",
        choices=DeliveryModel.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )

    class Meta:
        model = Expression
        fields: list[str] = []
        form = FilterForm
