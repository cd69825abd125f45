"""The room's forms."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, PortalForm, PortalModelForm
from core.widgets import HintedRadioSelect

from .enums import ClauseKind, ProposalKind, Stance
from .models import Charter, CharterVersion, Clause
from .services import Words

LONG = 8_000
FIELDS = {
    ProposalKind.CHANGE: ["new_kind", "new_heading", "new_text", "reason"],
    ProposalKind.ADD: ["new_kind", "new_heading", "new_text", "after", "reason"],
    ProposalKind.MOVE: ["after", "reason"],
    ProposalKind.REMOVE: ["reason"],
}


class ClauseChoice(forms.ModelChoiceField):
    """A clause of the charter, by the heading that it has in a version."""

    headings: dict[int, str] = {}

    def label_from_instance(self, obj: Clause) -> str:
        return self.headings.get(obj.pk, str(obj))


class WordsForm(PortalForm):
    """The words of a suggestion, with what keeps two writers from overwriting each other.

    ``places`` are the clauses of the current version. A ``lenient`` form takes unfinished words.
    """

    new_kind = forms.ChoiceField(label=_("Part of the charter"), choices=ClauseKind.choices)
    new_heading = forms.CharField(label=_("Heading"), max_length=120)
    new_text = forms.CharField(
        label=_("Words of the clause"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Plain text. Leave an empty line between paragraphs."),
    )
    after = ClauseChoice(
        label=_("Where it should stand"), queryset=Clause.objects.none(), required=False
    )
    reason = forms.CharField(
        label=_("Why do you suggest this?"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A sentence or two. The other members will read it."),
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    page = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: str, places: list[Any], clause_id: int | None = None, **kwargs: Any
    ) -> None:
        self.lenient = kwargs.pop("lenient", False)
        super().__init__(*args, **kwargs)
        self.kind = ProposalKind(kind)
        self.places = [place for place in places if place.clause_id != clause_id]
        self.own_part = next((p.wording.kind for p in places if p.clause_id == clause_id), "")
        self._take_fields_of_kind()
        if self.lenient:
            for name in FIELDS[self.kind]:
                self.fields[name].required = False

    def _take_fields_of_kind(self) -> None:
        for name in set(FIELDS[ProposalKind.ADD]) - set(FIELDS[self.kind]):
            del self.fields[name]
        if "after" not in self.fields:
            return
        moving = self.kind == ProposalKind.MOVE
        there = [p for p in self.places if not moving or p.wording.kind == self.own_part]
        field = self.fields["after"]
        field.headings = {p.clause_id: _behind(p.wording.heading) for p in there}
        field.queryset = Clause.objects.filter(pk__in=field.headings).order_by("pk")
        field.empty_label = (
            _("At the top of its part of the charter")
            if moving
            else _("At the end of its part of the charter")
        )

    def clean_after(self) -> Clause | None:
        after = self.cleaned_data["after"]
        part = self.cleaned_data.get("new_kind")
        stands_in = {place.clause_id: place.wording.kind for place in self.places}
        if after and part and stands_in.get(after.pk) != part:
            raise ValidationError(
                _("That clause is in another part of the charter. Choose one in the same part.")
            )
        return after

    @property
    def words(self) -> dict[str, Any]:
        """What is to be saved of a valid form."""
        return {name: self.cleaned_data.get(name) for name in FIELDS[self.kind]}


def _behind(heading: str) -> str:
    return str(_("Behind “%(clause)s”") % {"clause": heading})


class SettleForm(WordsForm):
    """Which of two people's words to keep."""

    choice = forms.ChoiceField(
        label=_("Which words do you want to keep?"),
        choices=[
            ("both", _("The joined words below")),
            ("mine", _("Your words, as you wrote them")),
            ("theirs", _("The words that are saved now")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["choice"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only the joined words have to be whole; the other two choices take what is there.
        if self.data.get(self.add_prefix("choice")) in {"mine", "theirs"}:
            for name in FIELDS[self.kind]:
                self.fields[name].required = False


class SeenForm(PortalForm):
    """A deed on something of which the person saw the version ``seen``."""

    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)


class SharedForm(PortalForm):
    """Whether the other members may help with a draft."""

    shared = forms.BooleanField(required=False)


class AgreeForm(PortalForm):
    """The wordings that somebody agrees with, or no longer."""

    wording = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, wordings: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wording"].choices = [(pk, str(pk)) for pk in wordings]


class PositionForm(PortalForm):
    """What a member thinks of a proposal."""

    stance = forms.ChoiceField(
        label=_("What do you think of it?"),
        choices=Stance.choices,
        widget=HintedRadioSelect(
            hints={
                Stance.LIVE_WITH: _(
                    "It is not quite what you want, but you will not stand in the way."
                ),
                Stance.TALK: _("You have a question or a worry that we should talk about first."),
                Stance.CANNOT: _("Say why, so that we can look for words that work for you too."),
            }
        ),
    )
    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed if you cannot agree; of help to the group in any case."),
    )
    is_private = forms.BooleanField(
        label=_("Show my reason to the facilitator only"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("stance") == Stance.CANNOT and not cleaned.get("reason"):
            self.add_error("reason", _("Say why you cannot agree"))
        return cleaned


class CommentForm(PortalForm):
    """Something said about a proposal; a double click says it once."""

    prefix = "comment"
    text = forms.CharField(
        label=_("Your comment"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class WithdrawForm(PortalForm):
    """Why somebody takes their own proposal back."""

    reason = forms.CharField(
        label=_("Why do you withdraw it?"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other members will read this."),
    )


class DecideForm(PortalForm):
    """How the facilitator closes a proposal. ``choices`` are the steps that can be taken."""

    # The changed words are asked for by one of the decisions, so none of them is "(optional)".
    mark_optional = False

    decision = forms.ChoiceField(label=_("What becomes of it?"), widget=forms.RadioSelect)
    new_kind = forms.ChoiceField(
        label=_("If you change the words: part of the charter"),
        choices=ClauseKind.choices,
        required=False,
    )
    new_heading = forms.CharField(
        label=_("If you change the words: heading"), max_length=120, required=False
    )
    new_text = forms.CharField(
        label=_("If you change the words: words of the clause"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("These are only used if you adopt it with changes."),
    )
    fate = forms.CharField(
        label=_("Tell the group what was decided and why"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Every member will get these words."),
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = choices
        if "adopt_changed" not in dict(choices):
            for name in ("new_kind", "new_heading", "new_text"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "adopt_changed":
            for name in ("new_heading", "new_text"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Give the words that the clause is to have"))
        return cleaned

    @property
    def words(self) -> Words:
        """The changed words of a valid form."""
        cleaned = self.cleaned_data
        return Words(cleaned["new_kind"], cleaned["new_heading"], cleaned["new_text"])


class RuleForm(PortalModelForm):
    """How the group decides."""

    class Meta:
        model = Charter
        fields = ["closing_rule", "quorum_percent", "open_days"]
        widgets = {"closing_rule": forms.RadioSelect}


class CompareForm(FilterForm):
    """Two versions of one charter."""

    old = forms.ModelChoiceField(
        label=_("Compare"), queryset=CharterVersion.objects.none(), empty_label=None
    )
    new = forms.ModelChoiceField(
        label=_("with"), queryset=CharterVersion.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, charter: Charter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            self.fields[name].queryset = charter.versions.order_by("-number")
