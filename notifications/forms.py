"""What people choose about their messages."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm

from .enums import Rhythm


class PreferenceForm(PortalForm):
    """How often reminders come, and which of those that have come before are wanted."""

    rhythm = forms.ChoiceField(
        label=_("How often do you want reminders?"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
    )
    wanted_kinds = forms.MultipleChoiceField(
        label=_("Which reminders do you want?"),
        help_text=_("These are the reminders that you have had. Untick what you can do without."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds:
            field = cast(forms.MultipleChoiceField, self.fields["wanted_kinds"])
            field.choices = kinds
        else:
            del self.fields["wanted_kinds"]
