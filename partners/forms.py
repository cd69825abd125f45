"""Forms about organisations."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import DateField, PortalForm, PortalModelForm, SeenMixin
from core.widgets import HintedRadioSelect

from . import identifiers, selectors
from .enums import Channel, OrganisationKind, OutreachResult, Scheme
from .importing import MOST_BYTES
from .merging import FACTS, JOINABLE
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

    class Meta(OrganisationForm.Meta):
        fields = [*OrganisationForm.Meta.fields, "seldom_heard_links", "about"]
        widgets = OrganisationForm.Meta.widgets | {
            "seldom_heard_links": forms.Textarea(attrs={"rows": 3}),
            "about": forms.Textarea(attrs={"rows": 4}),
        }
        labels = OrganisationForm.Meta.labels | {
            "seldom_heard_links": _("Links with people who are seldom heard"),
            "about": _("About the organisation"),
        }
        help_texts = OrganisationForm.Meta.help_texts | {
            "seldom_heard_links": _(
                "Who do you reach that others do not? For example: Travellers, people in prison, "
                "people who do not use words to speak."
            ),
        }

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


class IdentifierForm(PortalForm):
    """A number of a public register. ``taken`` is the other organisation that has it."""

    scheme = forms.ChoiceField(
        label=_("Which number is it?"), choices=Scheme.choices, widget=forms.RadioSelect
    )
    value = forms.CharField(
        label=_("Number"),
        max_length=40,
        help_text=_("Spaces and capitals do not matter. For example, 1123456 or SC012345."),
    )
    taken: Organisation | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scheme") and cleaned.get("value"):
            try:
                cleaned["value"] = identifiers.normalise(cleaned["scheme"], cleaned["value"])
            except forms.ValidationError as problem:
                self.add_error("value", problem)
        return cleaned


class OutreachForm(SeenMixin, PortalForm):
    """One time of getting in touch."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    happened_on = DateField(label=_("When was it?"), initial=timezone.localdate)
    channel = forms.ChoiceField(
        label=_("How did you get in touch?"), choices=Channel.choices, widget=forms.RadioSelect
    )
    by = forms.ModelChoiceField(label=_("Who of us was it?"), queryset=User.objects.none())
    about = forms.CharField(
        label=_("What was it about?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a sentence. Write nothing about a person’s health or life here."),
    )
    result = forms.ChoiceField(
        label=_("What came of it?"), choices=OutreachResult.choices, widget=forms.RadioSelect
    )
    follow_up_on = DateField(
        label=_("When do we get in touch again?"),
        required=False,
        help_text=_("We remind whoever of us it was. Leave it empty if there is no need."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = selectors.staff_people()
        if kept := self.initial.get("by"):
            people = people | User.objects.filter(pk=kept)
        self.fields["by"].queryset = people.order_by("preferred_name", "pk")  # type: ignore[attr-defined]

    def clean_happened_on(self) -> date:
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is still to come. Give the day on which it was.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        again, day = cleaned.get("follow_up_on"), cleaned.get("happened_on")
        if again and cleaned.get("result") == OutreachResult.NO_CONTACT:
            self.add_error(
                "follow_up_on", _("They asked not to be contacted: leave this day empty")
            )
        elif again and day and again < day:
            self.add_error("follow_up_on", _("Give a day after the one on which it was"))
        return cleaned


class MergeForm(SeenMixin, PortalForm):
    """Which of two organisations' facts stand, where they differ."""

    understood = forms.BooleanField(label=_("I understand that this cannot be undone"))

    def __init__(self, *args: Any, kept: Organisation, gone: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        self.differing = [name for name in FACTS if getattr(kept, name) != getattr(gone, name)]
        last = self.fields.pop("understood")
        for name in self.differing:
            self.fields[name] = self._choice(name)
        self.fields["understood"] = last

    def _choice(self, name: str) -> forms.ChoiceField:
        choices = [("kept", shown_fact(self.kept, name)), ("gone", shown_fact(self.gone, name))]
        both = name in JOINABLE and getattr(self.kept, name) and getattr(self.gone, name)
        if both:
            choices.append(("both", _("Both, one below the other")))
        first = "kept" if getattr(self.kept, name) or name == "is_first_timer" else "gone"
        return forms.ChoiceField(
            label=str(Organisation._meta.get_field(name).verbose_name).capitalize(),
            choices=choices,
            initial="both" if both else first,
            widget=forms.RadioSelect,
        )

    def facts(self) -> dict[str, Any]:
        """The value that stands, by field."""
        return {name: self._standing(name) for name in self.differing}

    def _standing(self, name: str) -> Any:
        kept, gone = getattr(self.kept, name), getattr(self.gone, name)
        if self.cleaned_data[name] == "both":
            return f"{kept}\n\n{gone}"
        return gone if self.cleaned_data[name] == "gone" else kept


def shown_fact(organisation: Organisation, name: str) -> str:
    """A fact in words, "Not given" where there is none."""
    value = getattr(organisation, name)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    display = getattr(organisation, f"get_{name}_display", None)
    return str((display() if display else value) or _("Not given"))


class UploadForm(PortalForm):
    """A file of organisations to check."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    file = forms.FileField(
        label=_("CSV file"),
        max_length=200,
        help_text=_("At most 5,000 organisations and 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too big. The most is 2 MB."))
        return upload.read()


class ConfirmImportForm(PortalForm):
    """Saving what was checked."""

    known = forms.ChoiceField(
        label=_("What about organisations that we know already?"),
        choices=[
            ("fill", _("Fill in what is missing, and change nothing else")),
            ("leave", _("Leave them as they are")),
        ],
        initial="fill",
        widget=forms.RadioSelect,
    )
