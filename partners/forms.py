"""Forms about organisations."""

from typing import Any

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm, PortalModelForm, SeenMixin
from core.widgets import HintedRadioSelect

from . import selectors
from .enums import OrganisationKind
from .models import JoinRequest, Organisation

KIND_HINTS = {
    OrganisationKind.USER_LED: _("Most of those who decide draw on care and support themselves."),
    OrganisationKind.CARER_LED: _("Most of those who decide are unpaid carers."),
    OrganisationKind.COMMUNITY: _("A local group, however small, with or without paid staff."),
}


def safe_next(address: str | None) -> str:
    """``address`` if it is a page of this portal, else nothing."""
    allowed = address and address.startswith("/")
    return address if allowed and url_has_allowed_host_and_scheme(address, None) else ""


class OrganisationForm(PortalModelForm):
    """What an organisation tells of itself."""

    website = forms.URLField(
        label=_("Website"),
        help_text=_("For example, https://www.example.org"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "nation", "place", "size", "website", "is_first_timer"]
        widgets = {
            "kind": HintedRadioSelect(hints=KIND_HINTS),
            "nation": forms.RadioSelect,
            "size": forms.RadioSelect,
        }
        labels = {
            "name": _("Name of the organisation or group"),
            "kind": _("What kind of organisation is it?"),
            "nation": _("Which nation do you mainly work in?"),
            "place": _("Town, city or area"),
            "size": _("How many people work there, paid or as volunteers?"),
            "is_first_timer": _("We have not taken part in a project like this before"),
        }
        help_texts = {
            "is_first_timer": _("We want to work with people who do not usually take part."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("nation", "size", "kind"):
            self.fields[name].choices = [
                choice for choice in self.fields[name].choices if choice[0] != ""
            ]
        self.fields["nation"].required = True

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ChangeOrganisationForm(OrganisationForm, SeenMixin):
    """Changing what an organisation tells of itself."""

    def values(self) -> dict[str, Any]:
        """What was typed, by field of the organisation."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewOrganisationForm(OrganisationForm):
    """A new organisation; before a second one is made, those of a similar name are suggested."""

    job_title = forms.CharField(
        label=_("Your role there"),
        max_length=120,
        required=False,
        help_text=_("For example: manager, volunteer, trustee"),
    )
    is_another = forms.BooleanField(
        label=_("Ours is another organisation, of the same or a similar name"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions: list[Organisation] = []
        if not self._similar_name_typed():
            self.fields["is_another"].widget = forms.HiddenInput()

    def _similar_name_typed(self) -> bool:
        return self.is_bound and bool(selectors.similar_names(str(self.data.get("name", ""))[:200]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.suggestions = selectors.similar_names(cleaned.get("name", ""))
        if self.suggestions and not cleaned.get("is_another"):
            self.add_error(
                "is_another",
                _(
                    "There is an organisation of this or a similar name already. Ask to join it, "
                    "or tick this box if yours is another."
                ),
            )
        cleaned.pop("is_another", None)
        return cleaned


class JoinForm(PortalModelForm):
    """Asking to join an organisation."""

    class Meta:
        model = JoinRequest
        fields = ["job_title", "message"]
        labels = {"message": _("A few words to the people there")}
        help_texts = {
            "job_title": _("For example: manager, volunteer, trustee"),
            "message": _("Who you are, so that they know you. They see your name and this text."),
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}


class JoinDecisionForm(PortalForm):
    """Yes or no to somebody who asks to join."""

    decision = forms.ChoiceField(
        label=_("May they speak for the organisation?"),
        choices=[("accept", _("Yes, let them join")), ("refuse", _("No"))],
        widget=HintedRadioSelect(
            hints={
                "accept": _(
                    "They can then read and write the organisation’s expressions of interest."
                )
            }
        ),
    )
    reason = forms.CharField(
        label=_("If no, why?"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("We send this to them."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, in a sentence or two"))
        return cleaned
