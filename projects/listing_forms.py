"""Keeping a view of the list, and saying what shall change in several projects."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm, PortalModelForm

from .forms import possible_leads
from .models import LONGEST_QUERY, Phase, SavedView, Tag
from .several import Deed
from .tags import LONGEST_TAG


class ViewForm(PortalModelForm):
    """Under which name a view is kept, and for whom."""

    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "opens_first"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(self.instance.query) > LONGEST_QUERY:
            self.add_error(
                None, _("This list asks for too much to be kept. Take one of its filters away.")
            )
        return cleaned

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = SavedView.objects.filter(owner=self.instance.owner, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a view of this name. Choose another."))
        return name


class SeveralForm(PortalForm):
    """What shall change in each of the projects that were picked."""

    # Each field is needed for one of the changes, so "optional" would mislead.
    mark_optional = False

    FIELDS = {
        Deed.ADD_TAG: "tag",
        Deed.TAKE_TAG: "tag",
        Deed.LEAD: "lead",
        Deed.PHASE: "phase",
    }

    deed = forms.ChoiceField(
        label=_("What shall change in each of them?"),
        choices=Deed.choices,
        widget=forms.RadioSelect,
    )
    tag = forms.CharField(
        label=_("Tag"), max_length=LONGEST_TAG, required=False, help_text=_("For the tag only.")
    )
    lead: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("New lead"),
        queryset=None,
        required=False,
        empty_label=_("Choose a person"),
        help_text=_("For the lead only. People who are on the staff today are listed."),
    )
    phase: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("New phase"),
        queryset=Phase.objects.order_by("order"),
        required=False,
        empty_label=_("Choose a phase"),
        help_text=_("For the phase only."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = possible_leads(today)  # type: ignore[attr-defined]

    def clean_tag(self) -> str:
        tag = " ".join(self.cleaned_data["tag"].split())
        if "," in tag:
            raise forms.ValidationError(_("One tag at a time, without a comma."))
        known = Tag.objects.filter(key=tag.casefold()).first()
        return known.name if known else tag

    def _refuse_the_rest(self, cleaned: dict[str, Any], asked: str, deed: str) -> None:
        """What was filled in for another change must not be lost without a word."""
        words = _("You chose “%(deed)s”. Empty this, and make this change afterwards.")
        for name in {*self.FIELDS.values()} - {asked}:
            if cleaned.get(name):
                self.add_error(name, words % {"deed": deed})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        deed = cleaned.get("deed")
        if deed:
            name = self.FIELDS[Deed(deed)]
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("Say which."))
            cleaned["value"] = cleaned.get(name)
            self._refuse_the_rest(cleaned, name, str(Deed(deed).label))
        return cleaned
