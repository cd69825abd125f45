"""What is typed about topics: by staff, and by those who are asked for evidence."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.forms import (
    DateField,
    HoneypotMixin,
    ManyRowsField,
    PortalForm,
    PortalModelForm,
    SeenMixin,
    WordLimitField,
)
from core.widgets import HintedRadioSelect
from partners.models import Organisation

from .base_forms import OnceForm
from .enums import EvidenceKind, GapOutcome, Score
from .models import GapAsk, Topic, TopicOrigin
from .topic_selectors import askable_organisations

MOST_LINKS = 10


class TopicForm(PortalModelForm, SeenMixin):
    """A topic in a few words."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("The year of the programme that it is meant for, such as 2026."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )

    class Meta:
        model = Topic
        fields = ["title", "description", "year"]
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "description": _(
                "In plain words. Everybody can read it once the topic is in the programme."
            )
        }


class OriginForm(OnceForm):
    """Who or what raised a topic."""

    url = forms.URLField(
        label=_("Where it can be read"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("The web address of the results or the notes."),
    )

    class Meta:
        model = TopicOrigin
        fields = ["kind", "label", "raised_on", "url"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "label": _("Such as “National survey 2022: second among the priorities”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = TopicOrigin._meta.get_field("kind").choices  # type: ignore[attr-defined]


class ScoreForm(PortalForm, SeenMixin):
    """What was agreed on one criterion."""

    score = forms.TypedChoiceField(
        label=_("How far does the topic meet it?"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Everybody can see the score once the topic is in the programme."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the team can read this."),
    )


class AskForm(PortalForm):
    """Whom to ask. ``leave_out`` are those who were asked already."""

    organisations = ManyRowsField(
        label=_("Whom do we ask?"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        help_text=_("Only organisations for which somebody has an account are listed."),
    )

    def __init__(self, *args: Any, leave_out: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = askable_organisations().exclude(pk__in=leave_out)
        self.fields["organisations"].queryset = found  # type: ignore[attr-defined]


class GapForm(AskForm):
    """The evidence that is missing, and whom we ask for it."""

    missing = forms.CharField(
        label=_("What is missing?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In plain words. Everybody whom we ask can read this."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Of which kind?"),
        choices=EvidenceKind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    wanted_by = DateField(label=_("When do we need replies by?"))
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ["missing", "kinds", "organisations", "wanted_by"]

    def __init__(self, *args: Any, today: date, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.latest = today, latest

    def clean_wanted_by(self) -> date:
        wanted: date = self.cleaned_data["wanted_by"]
        if not self.today < wanted <= self.latest:
            raise ValidationError(
                _("Give a day after today, and no later than the links in our messages work.")
            )
        return wanted


class CloseGapForm(PortalForm):
    """What became of a gap."""

    outcome = forms.ChoiceField(
        label=_("Is the gap filled?"),
        choices=GapOutcome.choices,
        widget=HintedRadioSelect(
            hints={
                GapOutcome.FILLED: _("What came in is enough to work with."),
                GapOutcome.PARTLY: _("Some of it came in."),
                GapOutcome.NOT_FILLED: _("What we need does not exist yet, or nobody had it."),
            }
        ),
    )
    words = forms.CharField(
        label=_("What did we learn?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A few sentences. They are kept in the history of the topic."),
    )


class ReplyForm(PortalForm):
    """A reply about evidence."""

    text = WordLimitField(
        label=_("What do you know about this?"),
        max_words=500,
        help_text=_("Please do not write the names of people who draw on care and support."),
    )
    links = forms.CharField(
        label=_("Web addresses of what we could read"),
        required=False,
        max_length=3_100,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line. Each begins with https:// or http://."),
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_links(self) -> list[str]:
        found = list(dict.fromkeys(self.cleaned_data["links"].split()))
        check = URLValidator(schemes=["http", "https"])
        if len(found) > MOST_LINKS:
            raise ValidationError(_("Give ten web addresses at the most."))
        for address in found:
            try:
                check(address)
            except ValidationError as error:
                raise ValidationError(
                    _("“%(address)s” is not a web address that we can open."),
                    params={"address": address[:80]},
                ) from error
        return found


class PublicReplyForm(HoneypotMixin, ReplyForm):
    """The same by the link in the message, where robots may come too."""


class ReplyForOthersForm(ReplyForm):
    """A reply that came by telephone, letter or at a meeting, written down by staff."""

    ask = forms.ModelChoiceField(
        label=_("Who replied?"), queryset=GapAsk.objects.none(), widget=forms.RadioSelect
    )
    field_order = ["ask", "text", "links"]

    def __init__(self, *args: Any, asks: models.QuerySet[GapAsk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ask"].queryset = asks  # type: ignore[attr-defined]
