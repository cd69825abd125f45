"""What staff type when they build a call."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Nation
from core.forms import (
    DateField,
    DateTimeField,
    ManyRowsField,
    PortalBoundField,
    PortalForm,
    SeenMixin,
)
from core.widgets import HintedRadioSelect
from projects.enums import DeliveryModel
from projects.models import Topic

from ..callform import files
from ..callform.document import CHOOSING, WORDED, Document, blank_choice, free_key
from ..enums import Fills, QuestionKind
from ..models import Call

MOST_TEXT = 30_000
CHOICE_ROW = re.compile(r"choice_([0-9]{1,2})_label")
LEAST_CHOICES = 2
MOST_ROWS = 60
FREE_ROWS = 4


def _small_boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


def _long(label: Any, help_text: Any = "", rows: int = 5, *, most: int = MOST_TEXT) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class LondonMomentField(DateTimeField):
    """A moment in London, which on two nights a year some clock times do not say plainly."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if getattr(error, "code", "") != "ambiguous_timezone":
                raise
            raise ValidationError(_not_one_moment(error), code="clock_change") from error


def _not_one_moment(error: ValidationError) -> str:
    typed = (error.params or {}).get("datetime")
    zone = timezone.get_current_timezone()
    if isinstance(typed, datetime):
        early, late = (typed.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        if early is not None and late is not None and late > early:
            return _(
                "This time does not exist in London: the clocks go forward at 1am that night. "
                "Choose a time before 1am or from 2am on."
            )
    return _(
        "This time comes twice in London: the clocks go back at 2am that night. "
        "Choose a time before 1am or from 2am on."
    )


class OnceMixin(forms.Form):
    """The key by which a second click finds what the first one made."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class TextsForm(PortalForm, SeenMixin):
    """The texts of a call: all that can be changed in one that is open, beside its questions."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = _long(
        gettext_lazy("In a few words"),
        gettext_lazy("One or two sentences. They stand on the list of open calls."),
        3,
    )
    offer = _long(
        gettext_lazy("What you offer"),
        gettext_lazy("Money, people, support. You can use Markdown here and below."),
    )
    ask = _long(
        gettext_lazy("What you ask"),
        gettext_lazy("What those who take part promise, such as co-production and sharing."),
    )
    looking_for = _long(gettext_lazy("Who you look for"))
    guidance = _long(
        gettext_lazy("Before they begin"),
        gettext_lazy("How to get help, other ways to answer, how the choice is made."),
    )


class FactsForm(TextsForm, OnceMixin):
    """The facts of a call that is being written.

    ``NAMED`` says which field of the call a field stands for, where their names differ: columns
    that are lists or flags have names of their own here, so that a page sets none by accident.
    """

    NAMED: ClassVar[dict[str, str]] = {
        "models_offered": "delivery_models",
        "nations_offered": "nations",
        "seal": "is_sealed",
    }

    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        help_text=gettext_lazy("It stands in the references, such as EOI-2027-0001."),
        min_value=2000,
        max_value=2100,
    )
    topics = ManyRowsField(
        label=gettext_lazy("Topics"),
        queryset=Topic.objects.order_by("title", "id"),
        required=False,
        widget=_small_boxes(),
    )
    models_offered = forms.MultipleChoiceField(
        label=gettext_lazy("Delivery models"),
        choices=DeliveryModel.choices,
        required=False,
        widget=_small_boxes(),
    )
    nations_offered = forms.MultipleChoiceField(
        label=gettext_lazy("Nations"),
        choices=Nation.choices,
        required=False,
        widget=_small_boxes(),
    )
    seal = forms.BooleanField(
        label=gettext_lazy("Seal the answers until the call closes"),
        help_text=gettext_lazy(
            "Until then nobody on the staff can read an answer. A programme manager can open "
            "one expression of interest with a reason, which everybody on the staff sees."
        ),
        required=False,
    )
    field_order = ("title", "year", "summary", "topics", "models_offered", "nations_offered")

    def facts(self) -> dict[str, Any]:
        """The facts by the fields of the call, topics among them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in _CARRIED}
        return {self.NAMED.get(name, name): value for name, value in given.items()}


_CARRIED = frozenset({"seen", "once_key"})


class DatesForm(PortalForm, SeenMixin):
    """When a call opens and closes."""

    opens_at = LondonMomentField(
        label=gettext_lazy("Opens"),
        help_text=gettext_lazy("The time in London, such as 9am."),
        required=False,
    )
    closes_at = LondonMomentField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("What reaches us before this time in London counts."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("A call closes after it opens. Choose a later time."))
        return cleaned


class AssessByForm(PortalForm, SeenMixin):
    """The day by which assessors are asked to have scored."""

    assess_by = DateField(
        label=gettext_lazy("Scores wanted by"),
        help_text=gettext_lazy("Assessors are reminded a week before. Leave it empty for no date."),
        required=False,
    )


class ClosingForm(PortalForm):
    """A later closing time of an open call."""

    closes_at = LondonMomentField(
        label=gettext_lazy("The new closing time"),
        help_text=gettext_lazy("The time in London, later than now planned."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Everybody who writes an expression of interest reads this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SealForm(PortalForm):
    """Why one expression is opened before its call closes."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to read it now?"),
        help_text=gettext_lazy("Everybody on the staff sees your name and this reason."),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(PortalForm, SeenMixin):
    """What to say about a change, before the list of what changed."""

    reason = _long(
        gettext_lazy("Why does the call change?"),
        gettext_lazy("One or two sentences for those who write. The list above follows them."),
        3,
        most=1_000,
    )


class SectionForm(PortalForm, SeenMixin):
    """The words at the head of a section."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    introduction = _long(gettext_lazy("Introduction"), rows=4)
    title_cy = forms.CharField(label=gettext_lazy("Title in Welsh"), max_length=200, required=False)
    introduction_cy = _long(gettext_lazy("Introduction in Welsh"), rows=4)


class KindForm(PortalForm):
    """Which kind of question is to be added."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of answer?"),
        choices=QuestionKind.choices,
        widget=HintedRadioSelect(
            hints={
                QuestionKind.SHORT: gettext_lazy("A name, a place, one line."),
                QuestionKind.LONG: gettext_lazy("Some sentences, with a word limit."),
                QuestionKind.CHOICE: gettext_lazy("One answer out of a list."),
                QuestionKind.CHOICES: gettext_lazy("As many answers out of a list as fit."),
                QuestionKind.FILE: gettext_lazy("A document or a picture, to be sent along."),
            }
        ),
    )


NEED = [
    ("yes", gettext_lazy("Yes, always")),
    ("models", gettext_lazy("Only at some delivery models")),
    ("no", gettext_lazy("No, it can be left empty")),
]


class ChoiceBoundField(PortalBoundField):
    """A box for a choice: neither is each one needed, nor are they optional all together."""

    is_optional = False  # type: ignore[assignment]


class ChoiceBox(forms.CharField):
    """The words of a choice."""

    bound_field_class = ChoiceBoundField


class QuestionForm(PortalForm, SeenMixin):
    """One question of a kind that is fixed. ``standing`` is the question as it is, if it is."""

    text = forms.CharField(
        label=gettext_lazy("Question"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    help = _long(gettext_lazy("Help"), gettext_lazy("What a good answer has in it."), 3)
    word_limit = forms.IntegerField(
        label=gettext_lazy("Most words"), min_value=1, max_value=5_000, required=False
    )
    need = forms.ChoiceField(
        label=gettext_lazy("Does it need an answer?"), choices=NEED, widget=forms.RadioSelect
    )
    needed_at = forms.MultipleChoiceField(
        label=gettext_lazy("Needed at these delivery models"),
        help_text=gettext_lazy("Only if you chose “Only at some delivery models”."),
        required=False,
        widget=_small_boxes(),
    )
    fills = forms.ChoiceField(
        label=gettext_lazy("Does the answer say something about the whole?"),
        help_text=gettext_lazy("Then lists can be filtered by it."),
        required=False,
        widget=forms.RadioSelect,
    )
    easy_read = _long(
        gettext_lazy("Question in Easy Read"), gettext_lazy("A short sentence a line."), 3
    )
    text_cy = forms.CharField(
        label=gettext_lazy("Question in Welsh"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_cy = _long(gettext_lazy("Help in Welsh"), rows=3)

    def __init__(
        self, *args: Any, kind: str, call: Call, standing: Document | None = None, **kwargs: Any
    ) -> None:
        self.kind, self.standing = kind, standing
        initial = {**_shown(standing), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        known = dict(DeliveryModel.choices)
        self.fields["needed_at"].choices = [
            (one, known[one]) for one in call.delivery_models if one in known
        ]
        if kind not in WORDED:
            del self.fields["word_limit"]
        self._offer_fills()
        if kind in CHOOSING:
            self._add_rows()

    def _offer_fills(self) -> None:
        offered = {
            QuestionKind.CHOICE: [Fills.TOPIC, Fills.DELIVERY_MODEL],
            QuestionKind.YES_NO: [Fills.FIRST_TIMER, Fills.STRUGGLING],
        }.get(QuestionKind(self.kind))
        if offered is None:
            del self.fields["fills"]
            return
        labels = [(one.value, one.label) for one in offered]
        self.fields["fills"].choices = [("", gettext_lazy("No")), *labels]
        if self.kind == QuestionKind.CHOICE:
            self.fields["fills"].help_text = gettext_lazy(
                "Then lists can be filtered by it, and the choices are what the call offers: "
                "you need not write them above."
            )

    def _add_rows(self) -> None:
        """A row of boxes for each choice, and some free ones; as many as were sent."""
        choices = self.standing["choices"] if self.standing else []
        rows = len(choices) + FREE_ROWS
        if self.is_bound:
            sent = [int(found[1]) for name in self.data if (found := CHOICE_ROW.fullmatch(name))]
            rows = max([rows, *(number + 1 for number in sent)])
        for number in range(min(rows, MOST_ROWS)):
            one = choices[number] if number < len(choices) else blank_choice()
            self._add_row(number, one)
        self.fields["choice_0_label"].help_text = gettext_lazy(
            "Give at least two choices. Leave a box empty to take its choice out. "
            "Save and come back for more boxes."
        )
        rows_of_choices = [name for name in self.fields if name.startswith("choice_")]
        self.order_fields(["text", "help", *rows_of_choices])

    def _add_row(self, number: int, choice: Document) -> None:
        words = {"number": number + 1}
        self.fields[f"choice_{number}_label"] = ChoiceBox(
            label=_("Choice %(number)s") % words,
            max_length=200,
            required=False,
            initial=choice["label"],
        )
        self.fields[f"choice_{number}_cy"] = forms.CharField(
            label=_("Choice %(number)s in Welsh") % words,
            max_length=200,
            required=False,
            initial=choice["label_cy"],
        )
        self.fields[f"choice_{number}_value"] = forms.CharField(
            required=False,
            max_length=80,
            widget=forms.HiddenInput,
            initial=choice["value"],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("need") == "models" and not cleaned.get("needed_at"):
            self.add_error("needed_at", _("Choose the delivery models at which it is needed."))
        if self.kind in CHOOSING and not cleaned.get("fills"):
            self._want_choices(cleaned)
        return cleaned

    def _want_choices(self, cleaned: Mapping[str, Any]) -> None:
        """With less than two choices the first empty box is wrong."""
        boxes = [name for name in self.fields if CHOICE_ROW.fullmatch(name)]
        empty = [name for name in boxes if not cleaned.get(name) and name not in self.errors]
        if empty and len(boxes) - len(empty) < LEAST_CHOICES:
            self.add_error(empty[0], _("Give at least two choices."))

    def values(self) -> Document:
        """The question as a document has it, without its key and its condition."""
        cleaned = self.cleaned_data
        models = cleaned["needed_at"] if cleaned["need"] == "models" else []
        found = {
            name: cleaned[name] for name in ("text", "help", "easy_read", "text_cy", "help_cy")
        }
        return {
            **found,
            "kind": self.kind,
            "word_limit": cleaned.get("word_limit"),
            "choices": list(self._choices()) if self.kind in CHOOSING else [],
            "is_required": cleaned["need"] == "yes",
            "required_from_model": models,
            "fills": cleaned.get("fills", ""),
        }

    def _choices(self) -> Iterator[Document]:
        known = {one["value"] for one in self.standing["choices"]} if self.standing else set()
        numbers = [n for n in range(MOST_ROWS) if f"choice_{n}_label" in self.fields]
        rows = [
            {part: self.cleaned_data.get(f"choice_{n}_{part}", "") for part in _PARTS}
            for n in numbers
        ]
        used = {row["value"] for row in rows if row["label"] and row["value"] in known}
        for row in rows:
            if not row["label"]:
                continue
            value = row["value"]
            if value not in known:
                value = free_key(row["label"], used, "choice")
                used.add(value)
            yield {"value": value, "label": row["label"], "label_cy": row["cy"]}


_PARTS = ("value", "label", "cy")


def _shown(standing: Document | None) -> Mapping[str, Any]:
    if standing is None:
        return {"need": "yes"}
    need = "yes" if standing["is_required"] else "no"
    if standing["required_from_model"]:
        need = "models"
    return {**standing, "need": need, "needed_at": standing["required_from_model"]}


class ConditionForm(PortalForm, SeenMixin):
    """After which answers to an earlier question one is asked."""

    answers = forms.MultipleChoiceField(
        label=gettext_lazy("It is asked after any of these answers"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, answers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].choices = answers


class AlwaysForm(PortalForm, SeenMixin):
    """That a question is asked of everybody."""


class ImportForm(PortalForm, OnceMixin):
    """The file of a call. ``cleaned_data["file"]`` is the document in it."""

    file = forms.FileField(
        label=gettext_lazy("File of a call"),
        help_text=gettext_lazy("A JSON file, as “Export as JSON” writes it, of 500 kilobytes."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Document:
        file = self.cleaned_data["file"]
        if file.size > files.MOST_BYTES:
            raise ValidationError(files.too_big())
        try:
            return files.read(file.read())
        except files.UnreadableFile as problem:
            raise ValidationError(problem.errors) from problem
