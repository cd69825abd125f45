"""Forms about expressions of interest; the questions of a call have a page of their own."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from partners.models import Organisation


class OrganisationChoiceForm(PortalForm):
    """For which of their organisations somebody writes."""

    organisation = forms.ModelChoiceField(
        label=_("Which organisation do you write for?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0].pk


class DeclarationForm(PortalForm):
    """What the sender stands for with their name."""

    declared_by = forms.CharField(
        label=_("Your full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    may_speak = forms.BooleanField(label=_("I may send this in for the organisation"))
    is_right = forms.BooleanField(label=_("As far as I know, the answers are right"))
    agrees_to_ask = forms.BooleanField(
        label=_("If we are chosen, we will do what the call asks of us")
    )
