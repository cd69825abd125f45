"""Feedback on the use of a guide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import HoneypotMixin, PortalForm, WordLimitField

from .enums import Helped, UserRole

NOT_SAID = ("", _("I would rather not say"))


class FeedbackForm(HoneypotMixin, PortalForm):
    """How have you used it?"""

    used_for = WordLimitField(
        label=_("How have you used the guide?"),
        help_text=_("Please do not write names, or anything else that says who somebody is."),
        max_words=300,
    )
    helped = forms.ChoiceField(
        label=_("Did it help?"), choices=Helped.choices, widget=forms.RadioSelect
    )
    nation = forms.ChoiceField(
        label=_("In which nation do you live or work?"),
        choices=[*Nation.choices, NOT_SAID],
        required=False,
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(
        label=_("Which describes you best here?"),
        choices=[*UserRole.choices, NOT_SAID],
        required=False,
        widget=forms.RadioSelect,
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput)
