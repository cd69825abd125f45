"""Filters of the staff's list of calls."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.filters import PortalFilterSet
from core.forms import FilterForm

from .enums import CallState
from .models import Call


class CallFilter(PortalFilterSet):
    """By state and year."""

    panel_kept_for = 30

    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=CallState.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="year", min_value=2000, max_value=2100
    )

    class Meta:
        model = Call
        fields: list[str] = []
        form = FilterForm
