"""Filters of the register of organisations."""

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import FilterForm

from .enums import OrganisationKind, OrganisationSize
from .models import Organisation


class OrganisationFilter(django_filters.FilterSet):
    """By name, kind, nation, size, and whether they are new to this."""

    name = django_filters.CharFilter(label=_("Name or place"), method="by_words", max_length=100)
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"),
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    nation = django_filters.MultipleChoiceFilter(
        label=_("Nation"),
        choices=Nation.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    size = django_filters.MultipleChoiceFilter(
        label=_("Size"),
        choices=OrganisationSize.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    is_first_timer = django_filters.BooleanFilter(
        label=_("New to this kind of project"),
        widget=forms.Select(choices=[("", _("Any")), ("true", _("Yes")), ("false", _("No"))]),
    )

    class Meta:
        model = Organisation
        fields: list[str] = []
        form = FilterForm

    def by_words(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset.filter(models.Q(name__icontains=value) | models.Q(place__icontains=value))
