"""What people tell us about themselves."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm, PortalModelForm

from .enums import Format, PaymentChoice
from .models import User


class PreferredNameForm(forms.Form):
    """Added to allauth's sign-up form: the one thing we ask beside the e-mail address."""

    preferred_name = forms.CharField(
        label=_("The name you like to be called"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["preferred_name", "email", "password1"]

    def signup(self, request, user) -> None:
        """Nothing further: the adapter has kept the name."""


class PersonForm(PortalModelForm):
    """The person's own name, language and formats."""

    preferred_formats = forms.MultipleChoiceField(
        label=_("Formats you would like"),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("We send papers in these formats wherever they exist."),
    )

    class Meta:
        model = User
        fields = ["preferred_name", "language", "preferred_formats"]
        widgets = {
            "preferred_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": forms.RadioSelect,
        }


class AccessNeedsForm(PortalForm):
    """What helps, and payment; both can be left empty."""

    needs = forms.CharField(
        label=_("What helps you take part"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For example: breaks, a hearing loop, step-free rooms, a quiet space."),
    )
    payment = forms.ChoiceField(
        label=_("Payment for your time"),
        required=False,
        choices=PaymentChoice.choices,
        widget=forms.RadioSelect,
        help_text=_("For people who take part because of their own experience of care."),
    )


class AcceptInvitationForm(PortalForm):
    """The name of a person who has no account yet."""

    preferred_name = forms.CharField(
        label=_("The name you like to be called"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's form in plain words; most people want the key to be enough by itself."""

    name = forms.CharField(label=_("Name of the key"), max_length=100)
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone, without a password"),
        required=False,
        initial=True,
        help_text=_("Your device then asks for your face, your finger or its PIN."),
    )
