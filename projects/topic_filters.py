"""The filters of the list of topics."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import PortalFilterSet
from core.forms import FilterForm

from .enums import TopicState
from .models import Topic
from .querysets import TopicQuerySet
from .topic_selectors import years


def _with_words(topics: TopicQuerySet, name: str, text: str) -> QuerySet:
    return topics.with_words(text)


def _one_of(topics: QuerySet, name: str, values: list[str]) -> QuerySet:
    return topics.filter(**{f"{name}__in": values})


class TopicFilter(PortalFilterSet):
    """Everything that was chosen must fit; of the states any may."""

    panel_kept_for = 30

    q = django_filters.CharFilter(
        method=_with_words, label=_("Words in title or description"), max_length=100
    )
    state = django_filters.MultipleChoiceFilter(
        method=_one_of,
        label=_("State"),
        choices=TopicState.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    year = django_filters.ChoiceFilter(label=_("Year"), choices=[], empty_label=_("Any year"))

    class Meta:
        model = Topic
        form = FilterForm
        fields: list[str] = []

    def get_form_class(self) -> type[forms.Form]:
        self.filters["year"].extra["choices"] = years()
        return super().get_form_class()
