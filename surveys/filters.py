"""Which surveys staff want to see."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm

from .enums import SurveyState
from .models import Survey


class SurveyFilter(django_filters.FilterSet):
    """Surveys by their state."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=SurveyState.choices, empty_label=_("All")
    )

    class Meta:
        model = Survey
        fields = ["state"]
        form = FilterForm
