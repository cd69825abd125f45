"""Forms of assessment, for assessors and for staff; the scores have fields made from criteria."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.forms import DateField, FilterForm, PortalForm, SeenMixin

from ..enums import ExpressionState
from ..models import Assessment, Criterion, Expression
from ..selectors.assessing import WIDE_SPREAD
from ..services.assessing import GivenScore

MOST_CHARACTERS = 4_000


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ScoreForm(PortalForm, SeenMixin):
    """The points and the reason for each criterion, and a comment.

    Everything may be left out while an assessment is not finished; with ``strict`` each criterion
    needs both.
    """

    mark_optional = False

    comment = forms.CharField(
        label=gettext_lazy("What else should the panel know?"),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=_words(),
    )

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], top_score: int, **kwargs: Any
    ) -> None:
        self.criteria = criteria
        super().__init__(*args, **kwargs)
        choices = [(str(number), str(number)) for number in range(top_score + 1)]
        for one in criteria:
            self.fields[f"p{one.pk}"] = forms.TypedChoiceField(
                label=_("Points for “%(criterion)s”") % {"criterion": one.title},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect(
                    attrs={"class": "govuk-radios--inline govuk-radios--small"}
                ),
                help_text=_("0 is the lowest, %(top)s the highest.") % {"top": top_score},
            )
            self.fields[f"r{one.pk}"] = forms.CharField(
                label=_("Why these points for “%(criterion)s”?") % {"criterion": one.title},
                max_length=MOST_CHARACTERS,
                required=False,
                widget=_words(),
            )
        self.order_fields([name for one in criteria for name in (f"p{one.pk}", f"r{one.pk}")])

    @staticmethod
    def initial_of(assessment: Assessment) -> dict[str, Any]:
        """What the form shows at first."""
        initial: dict[str, Any] = {"comment": assessment.comment, "seen": assessment.version}
        for score in assessment.scores.all():
            initial[f"p{score.criterion_id}"] = score.points
            initial[f"r{score.criterion_id}"] = score.reason
        return initial

    def lines_of(self, assessment: Assessment) -> list[tuple[str, int | None, str]]:
        """What stands for each criterion: its title, points and reason."""
        standing = self.initial_of(assessment)
        return [
            (one.title, standing.get(f"p{one.pk}"), standing.get(f"r{one.pk}", ""))
            for one in self.criteria
        ]

    @property
    def finish_sent(self) -> bool:
        """Whether the page said that scoring is finished."""
        return "finish" in self.data

    @property
    def groups(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        """Each criterion with its two fields."""
        return [(one, self[f"p{one.pk}"], self[f"r{one.pk}"]) for one in self.criteria]

    @property
    def given(self) -> dict[int, GivenScore]:
        """What was given, by criterion id."""
        cleaned = self.cleaned_data
        return {
            one.pk: GivenScore(cleaned[f"p{one.pk}"], cleaned[f"r{one.pk}"].strip())
            for one in self.criteria
        }

    @property
    def seen_version(self) -> int:
        text = self.cleaned_data.get("seen", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def say_what_is_missing(self) -> None:
        """Mark each criterion without points or reason as wrong."""
        # Read once: each error takes its field out of ``cleaned_data``.
        standing = self.given
        for one in self.criteria:
            given = standing[one.pk]
            name = {"criterion": one.title}
            if given.points is None:
                self.add_error(f"p{one.pk}", _("Choose the points for “%(criterion)s”") % name)
            if not given.reason:
                self.add_error(f"r{one.pk}", _("Say why, for “%(criterion)s”") % name)


class DeclareForm(PortalForm):
    """With which of the organisations shown somebody has a conflict; with the others none."""

    mark_optional = False

    is_complete = forms.BooleanField(
        label=gettext_lazy(
            "I have read every name on this page, and have no conflict of interest with the "
            "organisations that I did not tick"
        )
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=4_000)

    def __init__(self, *args: Any, rows: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(*args, **kwargs)
        for pk, name in rows:
            self.fields[f"c{pk}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"w{pk}"] = forms.CharField(
                label=_("What ties you to %(organisation)s?") % {"organisation": name},
                max_length=300,
                required=False,
            )
        self.initial["shown"] = ",".join(str(pk) for pk, _name in rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for pk, name in self.rows:
            if cleaned.get(f"c{pk}") and not (cleaned.get(f"w{pk}") or "").strip():
                self.add_error(
                    f"w{pk}",
                    _("Say in a few words what ties you to %(organisation)s")
                    % {"organisation": name},
                )
        return cleaned

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The tick and the words of each organisation."""
        return [(self[f"c{pk}"], self[f"w{pk}"]) for pk, _name in self.rows]

    @property
    def shown_ids(self) -> list[int]:
        """What the page showed, as it came back with it."""
        texts = self.cleaned_data["shown"].split(",")
        named = {int(text) for text in texts if text.isascii() and text.isdigit()}
        return [pk for pk, _name in self.rows if pk in named]

    @property
    def conflicts(self) -> dict[int, str]:
        """The words about each conflict, by expression id."""
        cleaned = self.cleaned_data
        return {pk: cleaned[f"w{pk}"] for pk, _name in self.rows if cleaned.get(f"c{pk}")}


class ConflictReasonForm(PortalForm):
    """What ties somebody to an organisation, or why nothing does."""

    reason = forms.CharField(
        label=gettext_lazy("What ties you to this organisation?"),
        help_text=gettext_lazy("A few words, such as “I worked there until last year”."),
        max_length=300,
        widget=_words(),
    )


class ClearForm(ConflictReasonForm):
    """Why there is no conflict after all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why is there no conflict of interest after all?")
        self.fields["reason"].help_text = _("The reason is kept in the register.")


class RecordConflictForm(PortalForm):
    """A conflict that somebody told staff about."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose")
    )
    expression = forms.ModelChoiceField(
        label=gettext_lazy("With which organisation"),
        queryset=Expression.objects.none(),
        empty_label=gettext_lazy("Choose"),
    )
    reason = forms.CharField(
        label=gettext_lazy("What ties them to it?"), max_length=300, widget=_words(2)
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], expressions: QuerySet[Expression], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["expression"].queryset = expressions
        self.fields["expression"].label_from_instance = _organisation_name


def _organisation_name(expression: Expression) -> str:
    return f"{expression.organisation.name} ({expression.reference})"


class AssessorForm(PortalForm):
    """Somebody with an account, and until when they assess."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the assessor"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    ends_on = DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("After this day they see the expressions no more."),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        self.person = User.objects.filter(email__iexact=email, is_active=True).first()
        if self.person is None:
            raise ValidationError(
                _("Nobody with this address has an account. They need an invitation first.")
            )
        return email

    def clean_ends_on(self) -> date:
        day = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The last day must be today or later."))
        return day


class PlanForm(PortalForm):
    """That the plan which was shown is wanted."""

    mark = forms.CharField(max_length=40, widget=forms.HiddenInput)


class ChosenForm(PortalForm):
    """Expressions ticked on the board, and the assessor who is to have them."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Assessor"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


def chosen_ids(texts: Iterable[str]) -> list[int]:
    """The ids that a page sent; what is no id is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and 0 < len(text) < 19]


class BoardFilterForm(FilterForm):
    """Which lines of the board are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All states")),
            *(
                (state.value, state.label)
                for state in (
                    ExpressionState.ELIGIBLE,
                    ExpressionState.ASSESSED,
                    ExpressionState.LONGLISTED,
                )
            ),
        ],
    )
    differ = forms.BooleanField(label=gettext_lazy("Assessors differ widely"), required=False)
    wide = forms.IntegerField(
        label=gettext_lazy("Widely means by how many points of 100?"),
        min_value=1,
        max_value=100,
        required=False,
        initial=WIDE_SPREAD,
    )
    page = forms.IntegerField(
        min_value=1, max_value=10_000, required=False, widget=forms.HiddenInput
    )

    @property
    def choice(self) -> dict[str, Any]:
        """What ``selectors.assessing.board`` is asked; nothing where the form is wrong."""
        asked = self.cleaned_data if self.is_valid() else {}
        wide = (asked.get("wide") or WIDE_SPREAD) if asked.get("differ") else None
        return {
            "wide": wide,
            "state": asked.get("state") or "",
            "number": asked.get("page") or 1,
        }


class LonglistForm(PortalForm):
    """From which score on expressions come on the long list."""

    least = forms.IntegerField(
        label=gettext_lazy("Lowest score for the long list"),
        help_text=gettext_lazy("Of 100. Leave it empty to take only those that you ticked."),
        min_value=0,
        max_value=100,
        required=False,
    )


class ModerationForm(PortalForm, SeenMixin):
    """The score on which the panel agreed."""

    points = forms.DecimalField(
        label=gettext_lazy("Agreed score"),
        help_text=gettext_lazy("0 to 100. It stands in place of the assessors’ scores."),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
    )
    note = forms.CharField(
        label=gettext_lazy("Why this score?"), max_length=MOST_CHARACTERS, widget=_words(4)
    )
