"""What coaches and staff type about Demonstrators."""

from copy import copy
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, PortalForm, PortalModelForm, SeenMixin
from core.transitions import Step
from core.widgets import HintedRadioSelect
from partners.models import Organisation

from .enums import STATE_HINTS, SiteState
from .models import CoachPost, Demonstrator, Site
from .transitions import SITE_STEPS


class MoveForm(SeenMixin, PortalForm):
    """A change of a site: where it stands now, since when, and why.

    ``seen`` and ``once_key`` let two coaches and two clicks be told apart.
    """

    step = forms.ChoiceField(label=gettext_lazy("Where does it stand now?"))
    happened_on = DateField(
        label=gettext_lazy("When did this happen?"),
        help_text=gettext_lazy("Today is filled in. Change it if it happened earlier."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What led to it?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A few words. Leave out names of patients."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    once_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every step is known, so that a second click gets an answer; only open ones are offered.
        self.fields["step"].choices = [(step.name, step.label) for step in SITE_STEPS.values()]  # type: ignore[attr-defined]
        self.offer(steps)

    def offer(self, steps: list[Step]) -> None:
        """Show ``steps`` as the choices."""
        self.fields["step"].widget = HintedRadioSelect(
            choices=[(step.name, step.label) for step in steps],
            hints={step.name: STATE_HINTS[SiteState(step.target)] for step in steps},
        )


class UndoForm(PortalForm):
    """Why the last change was wrong."""

    reason = forms.CharField(
        label=gettext_lazy("Why was it wrong?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept in the history."),
    )


class SeenForm(PortalModelForm, SeenMixin):
    """The details of one thing, and what tells two people and two clicks apart."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        # A copy, since a service saves: the row that the page shows stays as it was.
        super().__init__(*args, instance=instance and copy(instance), **kwargs)

    def values(self) -> dict[str, Any]:
        """What was typed, without the marks."""
        marks = {"seen", "once_key"}
        return {name: value for name, value in self.cleaned_data.items() if name not in marks}


class SiteForm(SeenForm):
    """The details of a site."""

    class Meta:
        model = Site
        fields = ["name", "area", "population"]
        help_texts = {
            "area": gettext_lazy("The town or district. The list can be filtered by it."),
        }

    def __init__(self, *args: Any, demonstrator: Demonstrator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["population"].label = _("How many %(people)s does it serve?") % {
            "people": demonstrator.people_words
        }
        self.fields["population"].help_text = _("A number. Leave it empty if you do not know yet.")


class DemonstratorForm(SeenForm):
    """The details of a Demonstrator."""

    class Meta:
        model = Demonstrator
        fields = [
            "place",
            "site_singular",
            "site_plural",
            "people_words",
            "eligible_population",
            "plan",
            "chase_after_days",
        ]
        help_texts = {
            "place": gettext_lazy("For example, Mid and East Antrim."),
            "site_singular": gettext_lazy("For example, general practice."),
            "site_plural": gettext_lazy("For example, general practices."),
            "people_words": gettext_lazy("For example, older people."),
        }
        widgets = {"plan": forms.Textarea(attrs={"rows": 6})}


class PlanForm(PortalForm):
    """How many sites are to take part by the end of a month."""

    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=int)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    sites_planned = forms.IntegerField(
        label=gettext_lazy("How many are to take part by the end of this month?"),
        min_value=0,
        max_value=100_000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = list(MONTHS.items())  # type: ignore[attr-defined]

    @property
    def first_day(self) -> date:
        return date(self.cleaned_data["year"], self.cleaned_data["month"], 1)


class PostForm(SeenForm):
    """The details of a post."""

    advert_url = forms.URLField(
        label=gettext_lazy("Web address of the advertisement"),
        required=False,
        max_length=200,
        assume_scheme="https",
    )

    class Meta:
        model = CoachPost
        fields = ["title", "employer", "about", "advert_url", "closes_on"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "about": gettext_lazy("Everybody can read it once the vacancy is published."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = Organisation.objects.order_by("name", "id")  # type: ignore[attr-defined]


class PostStatusForm(PortalForm):
    """What happens to a post now."""

    step = forms.ChoiceField(label=gettext_lazy("What happens now?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.name, step.label) for step in steps]  # type: ignore[attr-defined]
