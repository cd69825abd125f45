"""The filters of the ledger."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm

from .enums import MessageState
from .models import Message
from .registry import kinds


def _kind_choices() -> list[tuple[str, object]]:
    return sorted(((kind.name, kind.title) for kind in kinds), key=lambda pair: str(pair[1]))


class MessageFilter(django_filters.FilterSet):
    """By state and by kind."""

    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=MessageState.choices, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of message"), choices=_kind_choices, empty_label=_("All")
    )

    class Meta:
        model = Message
        fields = ["state", "kind"]
        form = FilterForm
