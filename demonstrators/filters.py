"""The filters of the sites' list; they live in the address, so a list can be kept and shared."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm

from .enums import SiteState
from .models import Demonstrator, Site
from .selectors import areas


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


def _with_words(sites: QuerySet, name: str, text: str) -> QuerySet:
    return sites.with_words(text)


def _one_of(sites: QuerySet, name: str, values: list[str]) -> QuerySet:
    return sites.filter(**{f"{name}__in": values}) if values else sites


class SiteSearch(django_filters.FilterSet):
    """Finding one site by its name or area."""

    q = django_filters.CharFilter(method=_with_words, label=_("Name or area"), max_length=100)

    class Meta:
        model = Site
        form = FilterForm
        fields: list[str] = []


class SiteFilter(SiteSearch):
    """The list's filters. Everything that was chosen must fit; within one group any may."""

    state = django_filters.MultipleChoiceFilter(
        method=_one_of, label=_("Status"), choices=SiteState.choices, widget=_boxes()
    )
    area = django_filters.ChoiceFilter(label=_("Area"), choices=[], empty_label=_("Any area"))
    quiet = django_filters.BooleanFilter(
        method="only_to_chase",
        label=_("Only those to chase: approached, and no news since"),
        widget=forms.CheckboxInput,
    )

    def __init__(self, *args: Any, demonstrator: Demonstrator, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days, self.today = demonstrator.chase_after_days, today
        self.filters["area"].extra["choices"] = [(area, area) for area in areas(demonstrator)]

    def only_to_chase(self, sites: QuerySet, name: str, wanted: bool) -> QuerySet:
        return sites.to_chase(self.today, self.days) if wanted else sites
