"""Forms of assisted entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import DateTimeField, PortalForm
from partners.enums import OrganisationKind

from ..enums import CallState, Source
from ..models import Call


class FindOrganisationForm(PortalForm):
    """For whom something is entered."""

    name = forms.CharField(label=_("Name of the organisation or group"), max_length=200)


class EnteredOrganisationForm(PortalForm):
    """An organisation that is not in the portal yet, as far as staff know it."""

    name = forms.CharField(label=_("Name of the organisation or group"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=OrganisationKind.choices,
        widget=forms.RadioSelect,
    )
    nation = forms.ChoiceField(
        label=_("Which nation do they mainly work in?"),
        choices=Nation.choices,
        widget=forms.RadioSelect,
    )
    place = forms.CharField(label=_("Town, city or area"), max_length=120, required=False)
    is_first_timer = forms.TypedChoiceField(
        label=_("Have they taken part in a project like this before?"),
        choices=[("no", _("Yes, or we do not know")), ("yes", _("No, it would be their first"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )


class EntryForm(PortalForm):
    """How, when and from whom something reached us."""

    call = forms.ModelChoiceField(
        label=_("For which call?"), queryset=Call.objects.none(), empty_label=None
    )
    source = forms.ChoiceField(
        label=_("How did it reach us?"),
        choices=[choice for choice in Source.choices if choice[0] != Source.ONLINE],
        widget=forms.RadioSelect,
    )
    received_at = DateTimeField(
        label=_("When did it reach us?"),
        help_text=_("What reached us before the call closed counts. London time."),
    )
    provenance = forms.CharField(
        label=_("Who told us, and where is the original?"),
        help_text=_("For example: Telephone call with their chair; paper form in the 2026 binder"),
        max_length=300,
    )
    reason = forms.CharField(
        label=_("If the call has closed: why is it entered only now?"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taking = [CallState.OPEN, CallState.CLOSED]
        self.fields["call"].queryset = Call.objects.filter(state__in=taking).order_by(
            "-opens_at", "-id"
        )
