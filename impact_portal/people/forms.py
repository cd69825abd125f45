"""Inviting somebody: first the role, then who, and in what. And until when a role holds."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from core.dates import nice_date
from core.forms import DateField, PortalForm

from .scopes import scopes_of


class RoleForm(PortalForm):
    """Which role the invitation is for."""

    heading_field = "kind"

    kind = forms.ChoiceField(
        label=_("What will they be?"), choices=RoleKind.choices, widget=forms.RadioSelect
    )


class InviteForm(PortalForm):
    """Who is invited; and for a role that says nothing by itself, in what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    scope: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("In which"), queryset=None, empty_label=_("Choose one"), required=True
    )

    def __init__(self, *args: Any, kind: RoleKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = scopes_of(kind)
        if scopes is None:
            del self.fields["scope"]
        else:
            field = cast(forms.ModelChoiceField, self.fields["scope"])
            field.queryset = scopes
            field.label = _("In which %(thing)s") % {"thing": scopes.model._meta.verbose_name}


class RoleEndForm(PortalForm):
    """The last day on which a role holds."""

    ends_on = DateField(
        label=_("Last day"),
        help_text=_("They keep what the role lets them do until this day is over."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The day before today ends a role at once; further back nothing can be undone.
        self.earliest = today - timedelta(days=1)

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.earliest:
            raise forms.ValidationError(
                _("The last day can be %(day)s at the earliest."),
                params={"day": nice_date(self.earliest)},
            )
        return ends_on
