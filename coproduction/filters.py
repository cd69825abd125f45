"""Filters of the list of proposals."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm

from .enums import ProposalKind, ProposalState
from .models import Proposal


class ProposalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Where it stands"), choices=ProposalState.choices, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("What it does"), choices=ProposalKind.choices, empty_label=_("All")
    )

    class Meta:
        model = Proposal
        form = FilterForm
        fields = ["state", "kind"]
