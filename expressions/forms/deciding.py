"""Forms of deciding: for those who decide, and for an organisation that answers an offer."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, FilterForm, PortalForm, ReasonForm, SeenMixin

from .. import letters
from ..enums import ExpressionState, LetterKind
from ..models import Expression
from ..selectors.deciding import LISTED, DecisionLine
from ..selectors.offers import LAPSED

MOST_CHARACTERS = 4_000
# How long a reserve that is called up has to answer, unless somebody says otherwise.
TO_ANSWER = timedelta(days=14)
OUTCOMES = [
    (ExpressionState.OFFERED.value, gettext_lazy("Offer a place")),
    (ExpressionState.RESERVE.value, gettext_lazy("Keep in reserve")),
    (ExpressionState.DECLINED.value, gettext_lazy("Decline")),
]


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _to_come(value: date | None) -> date | None:
    if value and value <= timezone.localdate():
        raise ValidationError(_("The last day to answer has to be in the future."))
    return value


class DecisionForm(PortalForm, SeenMixin):
    """What is decided about one expression, why, and what its organisation is told."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What do we decide?"), widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("For the record. The organisation does not see this."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=_words(3),
    )
    feedback = forms.CharField(
        label=gettext_lazy("Feedback to the organisation"),
        help_text=gettext_lazy(
            "In plain words: what was strong, what would have helped. It stands in their letter."
        ),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=_words(6),
    )

    mark_optional = False

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if state == ExpressionState.INELIGIBLE:
            del self.fields["outcome"], self.fields["reason"]
            return
        undecided = [] if state in dict(OUTCOMES) else [("", _("Not decided yet"))]
        self.fields["outcome"].choices = [*OUTCOMES, *undecided]  # type: ignore[attr-defined]
        self.fields["outcome"].required = not undecided

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, in a sentence or two."))
        return cleaned

    @property
    def decided(self) -> dict[str, str]:
        """What was given, as ``services.deciding.decide`` takes it."""
        names = ("outcome", "reason", "feedback", "seen")
        return {name: self.cleaned_data.get(name, "") for name in names}


class DecisionFilterForm(FilterForm):
    """Which expressions the page of decisions lists."""

    state = forms.ChoiceField(label=gettext_lazy("Where it stands"), required=False)
    page = forms.IntegerField(
        min_value=1, max_value=10_000, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(one.value, one.label) for one in ExpressionState if one in LISTED]
        states.append((LAPSED, _("Offer not answered in time")))
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]

    @property
    def choice(self) -> dict[str, Any]:
        """What ``selectors.deciding.decision_board`` is asked; nothing where the form is wrong."""
        asked = self.cleaned_data if self.is_valid() else {}
        return {"state": asked.get("state") or "", "number": asked.get("page") or 1}


class WordingForm(PortalForm, SeenMixin):
    """The subject and the words of a kind of letter, and for offers the last day to answer."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=150)
    body = forms.CharField(
        label=gettext_lazy("Letter"), max_length=8_000, widget=_words(16), strip=True
    )
    subject_cy = forms.CharField(
        label=gettext_lazy("Subject in Welsh"), max_length=150, required=False
    )
    body_cy = forms.CharField(
        label=gettext_lazy("Letter in Welsh"),
        help_text=gettext_lazy(
            "For people who read Welsh. Without it they get the English letter, and a line that "
            "says so. The fields are the same, in English."
        ),
        max_length=8_000,
        required=False,
        widget=_words(16),
    )
    answer_by = DateField(label=gettext_lazy("Last day to answer"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != LetterKind.OFFERED:
            del self.fields["answer_by"]

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if problem := letters.problem_of(text, self.kind):
            raise ValidationError(problem)
        return text

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        return self._checked("body").replace("\r\n", "\n")

    def clean_subject_cy(self) -> str:
        return self._checked("subject_cy")

    def clean_body_cy(self) -> str:
        return self._checked("body_cy").replace("\r\n", "\n")

    def clean_answer_by(self) -> date | None:
        return _to_come(self.cleaned_data["answer_by"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = ("subject_cy", "body_cy")
        if not any(name in self.errors for name in names):
            given = {name: bool(cleaned.get(name)) for name in names}
            for name in names:
                if any(given.values()) and not given[name]:
                    self.add_error(name, _("Write subject and letter in Welsh, or neither."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What is to be kept, by field of the model."""
        return {"answer_by": None} | {
            name: self.cleaned_data[name] for name in self.fields if name != "seen"
        }


class PreviewForm(FilterForm):
    """With whose values a letter is tried out."""

    expression = forms.ModelChoiceField(
        label=gettext_lazy("Show it as it reads for"),
        queryset=Expression.objects.none(),
        required=False,
        empty_label=None,
    )

    def __init__(self, *args: Any, expressions: QuerySet[Expression], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["expression"]
        field.queryset = expressions
        field.label_from_instance = lambda one: f"{one.organisation.name}, {one.reference}"


class ProposalForm(ReasonForm, SeenMixin):
    """Why all are decided as the plan proposes."""


class ReleaseForm(PortalForm):
    """That letters may go out without feedback, where some have none."""

    without_feedback = forms.BooleanField(
        label=gettext_lazy("Send these letters without feedback"), required=False
    )


class ReserveForm(PortalForm, SeenMixin):
    """Which reserve is called up, why, and by when it is to answer."""

    expression = forms.ChoiceField(
        label=gettext_lazy("Who is offered the place?"), widget=forms.RadioSelect
    )
    answer_by = DateField(label=gettext_lazy("Last day to answer"))
    reason = forms.CharField(
        label=gettext_lazy("Why this one?"),
        max_length=2_000,
        widget=_words(3),
        help_text=gettext_lazy("It stands in the history and the record, not in the letter."),
    )
    feedback = forms.CharField(
        label=gettext_lazy("What do you want to tell them in the letter?"),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=_words(5),
        help_text=gettext_lazy(
            "It stands where the letter of offer has the feedback. What you wrote when you kept "
            "them in reserve is not sent again."
        ),
    )

    def __init__(self, *args: Any, lines: list[DecisionLine], **kwargs: Any) -> None:
        initial = {
            "answer_by": timezone.localdate() + TO_ANSWER,
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.lines = {str(line.expression.pk): line.expression for line in lines}
        self.fields["expression"].choices = [  # type: ignore[attr-defined]
            (str(line.expression.pk), _in_reserve(line)) for line in lines
        ]

    def clean_answer_by(self) -> date | None:
        return _to_come(self.cleaned_data["answer_by"])

    @property
    def chosen(self) -> Expression:
        found: Expression = self.lines[self.cleaned_data["expression"]]
        return found


def _in_reserve(line: DecisionLine) -> str:
    organisation = line.expression.organisation
    words = [organisation.name, str(organisation.get_kind_display())]
    words.append(str(organisation.get_nation_display()))
    if line.score is not None:
        words.append(_("%(score)s of 100") % {"score": round(line.score)})
    return ", ".join(word for word in words if word)


class ResendForm(PortalForm):
    """Why a letter is sent again, and for an offer whether there is more time."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it sent again?"), max_length=2_000, widget=_words(3)
    )
    answer_by = DateField(
        label=gettext_lazy("New last day to answer"),
        help_text=gettext_lazy("Leave it empty to keep the day."),
        required=False,
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, is_offer: bool, is_late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_offer:
            del self.fields["answer_by"]
        elif is_late:
            self.fields["answer_by"].required = True
            self.fields["answer_by"].help_text = _("The day in the letter has passed.")

    def clean_answer_by(self) -> date | None:
        return _to_come(self.cleaned_data["answer_by"])

    @property
    def given(self) -> dict[str, Any]:
        return {"answer_by": None} | self.cleaned_data


class OfferForm(PortalForm, SeenMixin):
    """What staff do about an offer: give it again, or keep what they were told about it."""

    AGAIN, ACCEPTED, LET_GO = "again", "accepted", "let_go"
    WHAT = {
        AGAIN: gettext_lazy("Give the offer again, with a new last day"),
        ACCEPTED: gettext_lazy("They accepted it: they told us so"),
        LET_GO: gettext_lazy("Let the place go: they do not take it, or did not answer"),
    }
    HOW = {
        "telephone": gettext_lazy("By telephone"),
        "mail": gettext_lazy("By e-mail"),
        "post": gettext_lazy("By post"),
        "meeting": gettext_lazy("In a meeting"),
    }

    what = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"), widget=forms.RadioSelect
    )
    answer_by = DateField(
        label=gettext_lazy("New last day to answer"),
        help_text=gettext_lazy("Needed if you give the offer again."),
        required=False,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How did they tell us that they accept?"),
        help_text=gettext_lazy("Needed if they accepted it."),
        choices=[("", gettext_lazy("Choose one")), *HOW.items()],
        required=False,
    )
    who = forms.CharField(
        label=gettext_lazy("Who told us?"),
        help_text=gettext_lazy("The name of the person. Needed if they accepted it."),
        max_length=120,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("It stands in the history. The organisation does not see it."),
        max_length=2_000,
        widget=_words(3),
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    mark_optional = False

    def __init__(self, *args: Any, choices: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (one, self.WHAT[one]) for one in choices
        ]
        if self.AGAIN not in choices:
            del self.fields["answer_by"]

    def clean_answer_by(self) -> date | None:
        return _to_come(self.cleaned_data["answer_by"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        what = cleaned.get("what")
        if what == self.AGAIN and not cleaned.get("answer_by") and "answer_by" not in self.errors:
            self.add_error("answer_by", _("Say by when they are to answer."))
        if what == self.ACCEPTED and not cleaned.get("how"):
            self.add_error("how", _("Choose how they told us."))
        if what == self.ACCEPTED and not cleaned.get("who"):
            self.add_error("who", _("Write who told us."))
        return cleaned


class ProjectForm(PortalForm):
    """Which delivery model the new project has, where nothing says so already."""

    model = forms.ChoiceField(label=gettext_lazy("Delivery model"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, models: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if models:
            self.fields["model"].choices = models  # type: ignore[attr-defined]
        else:
            del self.fields["model"]


class AnswerForm(PortalForm):
    """Whether an organisation takes the place that it was offered."""

    ACCEPT, TURN_DOWN = "accept", "turn_down"

    answer = forms.ChoiceField(
        label=gettext_lazy("Do you accept the offer?"),
        choices=[
            (ACCEPT, gettext_lazy("Yes, we accept")),
            (TURN_DOWN, gettext_lazy("No, we turn it down")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("If you turn it down: why?"),
        help_text=gettext_lazy("It helps us to do better. You do not have to say."),
        max_length=2_000,
        required=False,
        widget=_words(3),
    )
