"""Filters of this room's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import FilterForm
from meetings.enums import LogState
from meetings.models import MeetingLog

from .models import Network

SENT_STATES = [
    (LogState.SUBMITTED, _("Waiting to be read")),
    (LogState.RETURNED, _("Returned with a question")),
    (LogState.ACCEPTED, _("Accepted")),
]


class ReturnFilter(django_filters.FilterSet):
    """Returns by state, nation and network."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=SENT_STATES, empty_label=_("All"))
    nation = django_filters.ChoiceFilter(
        label=_("Nation"),
        field_name="meeting__group__nation",
        choices=Nation.choices,
        empty_label=_("All four"),
    )
    network = django_filters.ModelChoiceFilter(
        label=_("Network"),
        field_name="meeting__group__local_network__network",
        queryset=Network.objects.select_related("project"),
        empty_label=_("All"),
    )

    class Meta:
        model = MeetingLog
        fields = ["state", "nation", "network"]
        form = FilterForm
