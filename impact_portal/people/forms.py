"""Inviting somebody: first the role, then who, and in what."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from core.forms import PortalForm

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
