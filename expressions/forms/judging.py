"""What staff type about criteria and the mix that a call wants."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Nation
from core.forms import PortalForm, PortalModelForm, SeenMixin
from partners.enums import OrganisationKind
from projects.enums import DeliveryModel

from ..callform.document import topics_on_offer
from ..enums import MixDimension
from ..models import Call, MixTarget


class NumbersForm(PortalModelForm, SeenMixin):
    """How many places there are, and how expressions are scored."""

    class Meta:
        model = Call
        fields = ["places", "scores_wanted", "top_score"]
        labels = {
            "places": gettext_lazy("Places to give"),
            "scores_wanted": gettext_lazy("Assessors for each expression of interest"),
            "top_score": gettext_lazy("Highest score for a criterion"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("places", 10_000), ("scores_wanted", 20), ("top_score", 100)):
            self.fields[name].min_value = 1
            self.fields[name].validators.append(_between(1, most))

    def clean_places(self) -> int | None:
        """Not fewer places than the mix asks for."""
        places: int | None = self.cleaned_data["places"]
        asked = max(asked_by(self.instance).values(), default=0)
        if places is not None and places < asked:
            words = _(
                "The mix that is wanted asks for %(asked)s places at least. Give as many, or take "
                "a line of the mix out first."
            )
            raise ValidationError(words % {"asked": asked})
        return places


def _between(least: int, most: int) -> Any:
    def check(value: int) -> None:
        if not least <= value <= most:
            words = _("Enter a number from %(least)s to %(most)s.")
            raise ValidationError(words % {"least": least, "most": f"{most:,}"})

    return check


class CriterionForm(PortalForm, SeenMixin):
    """What assessors score."""

    title = forms.CharField(label=gettext_lazy("Criterion"), max_length=200)
    help = forms.CharField(
        label=gettext_lazy("What to look for"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    weight = forms.IntegerField(
        label=gettext_lazy("Weight"),
        help_text=gettext_lazy("A criterion of weight 2 counts twice as much as one of weight 1."),
        min_value=1,
        max_value=1_000,
        initial=1,
    )


class TargetForm(PortalForm, SeenMixin):
    """A line of the mix: of which, how many places at least and at most."""

    which = forms.ChoiceField(label=gettext_lazy("Of which"))
    least = forms.IntegerField(
        label=gettext_lazy("Places at least"), min_value=0, max_value=10_000, initial=0
    )
    most = forms.IntegerField(
        label=gettext_lazy("Places at most"), min_value=0, max_value=10_000, required=False
    )

    def __init__(
        self, *args: Any, call: Call, line: MixTarget | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.line = call, line
        self.fields["which"].choices = [("", _("Choose")), *which_choices(call)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        least, most = cleaned.get("least"), cleaned.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", ValidationError(_("The most must not be below the least.")))
        if least and cleaned.get("which"):
            self._fit_places(cleaned["which"].partition(":")[0], least)
        return cleaned

    def _fit_places(self, dimension: str, least: int) -> None:
        """Each place counts for one line of a dimension: together they cannot ask for more."""
        others = asked_by(self.call, without=self.line).get(dimension, 0)
        places = self.call.places
        if places is not None and others + least > places:
            words = _(
                "The call has %(places)s places to give, and the lines for “%(what)s” would ask "
                "for %(asked)s at least. Ask for fewer, or give more places first."
            )
            what = MixDimension(dimension).label
            given = {"places": places, "what": what, "asked": others + least}
            self.add_error("least", words % given)

    def values(self) -> dict[str, Any]:
        """The line by the fields of its model."""
        dimension, _colon, value = self.cleaned_data["which"].partition(":")
        return {
            "dimension": dimension,
            "value": value,
            "least": self.cleaned_data["least"],
            "most": self.cleaned_data["most"],
        }


def asked_by(call: Call, *, without: MixTarget | None = None) -> dict[str, int]:
    """By dimension, how many places the lines of the mix ask for at least. One query."""
    found: dict[str, int] = {}
    for line in call.targets.all():
        if without is None or line.pk != without.pk:
            found[line.dimension] = found.get(line.dimension, 0) + line.least
    return found


def which_choices(call: Call) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """All that the mix of ``call`` can be counted by, in groups: "nation:wales" and its name."""
    values: dict[MixDimension, list[tuple[str, Any]]] = {
        MixDimension.NATION: list(Nation.choices),
        MixDimension.KIND: list(OrganisationKind.choices),
        MixDimension.TOPIC: topics_on_offer(call),
        MixDimension.MODEL: list(DeliveryModel.choices),
        MixDimension.FIRST_TIMER: [("yes", MixDimension.FIRST_TIMER.label)],
        MixDimension.STRUGGLING: [("yes", MixDimension.STRUGGLING.label)],
    }
    return [
        (dimension.label, [(f"{dimension.value}:{value}", label) for value, label in found])
        for dimension, found in values.items()
        if found
    ]


def label_of(call: Call, dimension: str, value: str) -> str:
    """A value of a dimension in words; the value itself when it is not offered any more."""
    for _group, found in which_choices(call):
        for key, label in found:
            if key == f"{dimension}:{value}":
                return str(label)
    return value
