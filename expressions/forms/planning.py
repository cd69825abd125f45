"""What staff ask of a plan of the mix."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Nation
from core.forms import FilterForm, PortalForm, SeenMixin
from partners.enums import OrganisationKind

from ..enums import PlanScores
from ..models import Call, Plan
from .judging import which_choices

HIGHEST = 10_000


class PlanForm(PortalForm, SeenMixin):
    """The name, the places and every line of the mix that there can be."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(label=gettext_lazy("Name of the plan"), max_length=100)
    places = forms.IntegerField(
        label=gettext_lazy("Places to give"), min_value=1, max_value=HIGHEST
    )
    scores = forms.ChoiceField(
        label=gettext_lazy("Which scores"),
        choices=PlanScores.choices,
        widget=forms.RadioSelect,
        initial=PlanScores.ADJUSTED,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What is this plan to show? The others who decide read it."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups: list[tuple[str, list[tuple[str, str, str]]]] = []
        self.which: dict[str, tuple[str, str]] = {}
        for group, choices in which_choices(call):
            self.groups.append((str(group), [self._add(key, label) for key, label in choices]))

    def _add(self, key: str, label: Any) -> tuple[str, str, str]:
        dimension, _colon, value = key.partition(":")
        stem = key.replace(":", "-")
        self.which[stem] = (dimension, value)
        for end, words in (("least", _("at least")), ("most", _("at most"))):
            self.fields[f"{stem}-{end}"] = forms.IntegerField(
                label=f"{label}, {words}",
                required=False,
                min_value=0,
                max_value=HIGHEST,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-3", "min": 0}),
            )
        return str(label), f"{stem}-least", f"{stem}-most"

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, Any, Any]]]]:
        """(group, lines of it as (label, field of the least, field of the most))."""
        return [
            (group, [(label, self[least], self[most]) for label, least, most in lines])
            for group, lines in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for stem in self.which:
            least, most = cleaned.get(f"{stem}-least"), cleaned.get(f"{stem}-most")
            if least is not None and most is not None and most < least:
                words = _("%(which)s: the most must not be below the least.")
                label = str(self.fields[f"{stem}-most"].label).rpartition(",")[0]
                self.add_error(f"{stem}-most", ValidationError(words % {"which": label}))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What is asked by the fields of the model."""
        lines = []
        for stem, (dimension, value) in self.which.items():
            least = self.cleaned_data[f"{stem}-least"] or 0
            most = self.cleaned_data[f"{stem}-most"]
            if least or most is not None:
                lines.append([dimension, value, least, most])
        names = ("name", "places", "scores", "note")
        return {**{name: self.cleaned_data[name] for name in names}, "lines": lines}


def lines_as_initial(lines: Any) -> dict[str, Any]:
    """The form's beginning from (dimension, value, least, most) of each line."""
    found: dict[str, Any] = {}
    for dimension, value, least, most in lines:
        found[f"{dimension}-{value}-least"] = least or None
        found[f"{dimension}-{value}-most"] = most
    return found


class ChooseForm(PortalForm, SeenMixin):
    """Why this plan."""

    reason = forms.CharField(
        label=gettext_lazy("Why this plan?"),
        help_text=gettext_lazy("It is kept with the decision."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NamedForm(PortalForm, SeenMixin):
    """What is said of each expression on the page: a choice for each of ``shown``."""

    CHOICES = [
        ("", gettext_lazy("As the scores say")),
        ("must", gettext_lazy("Must have a place")),
        ("must_not", gettext_lazy("Must not have a place")),
    ]

    def __init__(self, *args: Any, shown: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = {f"expression-{one.pk}": one.pk for one, _what in shown}
        for one, what in shown:
            self.fields[f"expression-{one.pk}"] = forms.ChoiceField(
                label=f"{one.organisation.name} ({one.reference})",
                choices=self.CHOICES,
                required=False,
                initial=what,
            )

    def choices(self) -> dict[int, str]:
        return {pk: self.cleaned_data[name] for name, pk in self.shown.items()}


class GapForm(FilterForm):
    """Of which organisations the list is."""

    nation = forms.ChoiceField(
        label=gettext_lazy("Nation"),
        required=False,
        choices=[("", gettext_lazy("All")), *Nation.choices],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of organisation"),
        required=False,
        choices=[("", gettext_lazy("All")), *OrganisationKind.choices],
    )
    first_timer = forms.BooleanField(
        label=gettext_lazy("Only those new to this kind of project"), required=False
    )

    @property
    def choice(self) -> dict[str, Any]:
        """What is chosen; what is no choice counts as none."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "nation": found.get("nation", ""),
            "kind": found.get("kind", ""),
            "first_timer": bool(found.get("first_timer")),
        }


class TopicForm(FilterForm):
    """Of which topic the board counts."""

    def __init__(self, *args: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All topics")), *topics]
        self.fields["topic"] = forms.ChoiceField(label=_("Topic"), required=False, choices=choices)

    @property
    def choice(self) -> str:
        return str(self.cleaned_data.get("topic", "")) if self.is_valid() else ""


def plan_initial(plan: Plan) -> dict[str, Any]:
    """The form's beginning from a plan."""
    names = ("name", "places", "scores", "note")
    values = {name: getattr(plan, name) for name in names}
    return {**values, **lines_as_initial(plan.lines), "seen": plan.version}
