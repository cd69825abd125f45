"""What the calendar shows: which kinds, from which month."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import CalendarKind
from core.forms import FilterForm


class CalendarForm(FilterForm):
    """The filter of the calendar, which lives in the address."""

    kind = forms.MultipleChoiceField(
        label=_("What to show"),
        choices=CalendarKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )


def month_of(text: str, today: date) -> date:
    """The first day of the month “2022-07”; of today's for anything else."""
    try:
        year, month = (int(part) for part in text.split("-"))
        # The portal knows no time before the programme, nor beyond what people plan.
        return date(year, month, 1) if 2000 <= year <= 2100 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)
