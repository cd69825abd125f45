"""Forms for members, meetings, logs and actions."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import nice_time
from core.forms import DateField, DateTimeField, PortalForm, SeenMixin, parse_time

from .enums import Perspective, Presence
from .models import MOST_DAYS_AHEAD, Action, LogItem, LogQuote, LogSuggestion, Meeting, Member

MOST_THEMES = 20
THEME_LENGTH = LogItem._meta.get_field("text").max_length
NOT_SAID = [("", gettext_lazy("I would rather not say"))]


def even_lines(text: str) -> str:
    """``text`` with one kind of line end, whatever the browser sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class SeenForm(PortalForm, SeenMixin):
    """A form that knows which version of its words was on the page when it was opened."""

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class MemberForm(PortalForm):
    """Somebody who joins a group."""

    name = forms.CharField(label=gettext_lazy("The name they like to be called"), max_length=120)
    perspective = forms.ChoiceField(
        label=gettext_lazy("Which group do they come from?"),
        choices=Perspective.choices,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy(
            "We send them one invitation to the portal, so that dates and actions reach them."
        ),
    )


class InviteForm(PortalForm):
    """Where an invitation goes."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The invitation works once, for a week."),
    )


class MemberChangeForm(SeenForm):
    """What a member is called, and where they come from."""

    name = forms.CharField(label=gettext_lazy("The name they like to be called"), max_length=120)
    perspective = forms.ChoiceField(
        label=gettext_lazy("Which group do they come from?"),
        choices=Perspective.choices,
        widget=forms.RadioSelect,
    )


class ReminderForm(SeenForm):
    """How many days before a meeting people are reminded."""

    days = forms.IntegerField(
        label=gettext_lazy("How many days before a meeting shall we remind people?"),
        help_text=gettext_lazy("From 1 to 14. Most groups choose 3."),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS_AHEAD)],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "2"}),
    )


class MeetingForm(SeenForm):
    """When and where a group meets."""

    starts_at = DateTimeField(label=gettext_lazy("When does it begin?"))
    ends_at = forms.CharField(
        label=gettext_lazy("When does it end?"),
        required=False,
        help_text=gettext_lazy("The time on the same day, such as 4pm."),
        widget=forms.TextInput(attrs={"maxlength": "10"}),
    )
    title = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Without a title it is called “Meeting 2”, for example."),
    )
    place = forms.CharField(label=gettext_lazy("Where?"), max_length=200, required=False)
    joining = forms.CharField(
        label=gettext_lazy("How to join"),
        required=False,
        help_text=gettext_lazy("A link for joining online, how to get there, whom to ring."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        cleaned["ends_at"] = None
        cleaned["joining"] = even_lines(cleaned.get("joining", ""))
        if starts_at and ends:
            self._clean_end(cleaned, starts_at, ends)
        return cleaned

    def _clean_end(self, cleaned: dict[str, Any], starts_at: Any, ends: str) -> None:
        try:
            clock = parse_time(ends)
        except forms.ValidationError as error:
            self.add_error("ends_at", error.messages[0])
            return
        local = timezone.localtime(starts_at)
        cleaned["ends_at"] = local.replace(hour=clock.hour, minute=clock.minute)
        if cleaned["ends_at"] <= starts_at:
            self.add_error("ends_at", _("The meeting must end after it begins."))

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        """What stands in the form for a meeting that is there."""
        names = ["title", "starts_at", "place", "joining"]
        return {name: getattr(meeting, name) for name in names} | {
            "ends_at": nice_time(meeting.ends_at)
        }


class AttendanceForm(SeenForm):
    """Who came: one question for each member, and guests by the five groups."""

    rest_came = forms.BooleanField(
        required=False, label=gettext_lazy("Everybody I have not marked came")
    )

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=member.name,
                choices=Presence.choices,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
            )
        for value, label in Perspective.choices:
            self.fields[f"guests_{value}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=500,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "3"}),
            )
        # What is not known yet may stay open: nothing here is marked optional.
        self.mark_optional = False

    def member_groups(self) -> list[tuple[str, list[Any]]]:
        """The members' fields under the names of the five groups."""
        found: dict[str, list[Any]] = {}
        for member in self.members:
            label = str(member.get_perspective_display() or _("Not said"))
            found.setdefault(label, []).append(self[f"member_{member.pk}"])
        return list(found.items())

    def guest_fields(self) -> list[Any]:
        return [self[f"guests_{value}"] for value in Perspective.values]

    def values(self) -> dict[str, str]:
        """The noted answers as text; members not marked came when the box says so."""
        values = {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(("member_", "guests_")) and value
        }
        if self.cleaned_data["rest_came"]:
            for member in self.members:
                values.setdefault(f"member_{member.pk}", Presence.CAME.value)
        return values


class SharedForm(SeenForm):
    """What people shared, and its themes. Without the first the log can be saved, but not sent."""

    mark_optional = False

    shared = forms.CharField(
        label=gettext_lazy("What did people share?"),
        required=False,
        help_text=gettext_lazy(
            "A few sentences in plain words. Leave out names and anything private."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    themes = forms.CharField(
        label=gettext_lazy("Themes (optional)"),
        required=False,
        help_text=gettext_lazy("One on each line, such as “Choosing who supports me”."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    helped = forms.CharField(
        label=gettext_lazy("What helped people take part? (optional)"),
        required=False,
        help_text=gettext_lazy("For example: breaks, pictures, more time, a taxi home."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_shared(self) -> str:
        return even_lines(self.cleaned_data["shared"])

    def clean_helped(self) -> str:
        return even_lines(self.cleaned_data["helped"])

    def clean_themes(self) -> str:
        lines = [line.strip() for line in even_lines(self.cleaned_data["themes"]).split("\n")]
        themes = list(dict.fromkeys(line for line in lines if line))
        if len(themes) > MOST_THEMES:
            raise forms.ValidationError(
                _("Themes: give at most %(most)s, the most important ones.") % {"most": MOST_THEMES}
            )
        if any(len(theme) > THEME_LENGTH for theme in themes):
            raise forms.ValidationError(
                _("Themes: each line can have at most %(most)s letters. Put each on its own line.")
                % {"most": THEME_LENGTH}
            )
        return "\n".join(themes)


class ItemForm(SeenForm):
    """One short text of a log."""

    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class SuggestionForm(ItemForm):
    """A practical solution."""

    perspective = forms.ChoiceField(
        label=gettext_lazy("Which group did it come from?"),
        choices=[*NOT_SAID, *Perspective.choices],
        required=False,
        widget=forms.Select,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What could be done?")


class QuoteForm(ItemForm):
    """Somebody's own words, with their consent."""

    perspective = forms.ChoiceField(
        label=gettext_lazy("Which group does the person come from?"),
        choices=[*NOT_SAID, *Perspective.choices],
        required=False,
        widget=forms.Select,
    )
    has_consent = forms.BooleanField(label=gettext_lazy("They agreed that we may quote them"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What did they say, in their own words?")
        self.fields["text"].help_text = _("Leave out names and places.")


class ActionForm(ItemForm):
    """Something to be done, by whom and by when."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who will do it?"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not decided yet"),
    )
    due_on = DateField(label=gettext_lazy("By when?"), required=False)

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is to be done?")
        self.fields["owner"].queryset = members


class OutcomeForm(PortalForm):
    """What became of an action."""

    step = forms.ChoiceField(
        label=gettext_lazy("What became of it?"), choices=[], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("In a sentence"),
        required=False,
        help_text=gettext_lazy(
            "If it was changed or dropped, say what you did instead, or why it was dropped."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, steps: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.name, step.label) for step in steps]
        self.must_explain = {step.name for step in steps if step.needs_reason}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("step") in self.must_explain and not cleaned.get("reason"):
            self.add_error("reason", _("Say in a sentence what happened."))
        return cleaned


ITEM_MODELS: dict[str, tuple[Any, Any]] = {
    "suggestions": (LogSuggestion, SuggestionForm),
    "quotes": (LogQuote, QuoteForm),
    "actions": (Action, ActionForm),
}
