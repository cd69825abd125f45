"""Forms that look and speak alike: renderer, base classes, fields.

Any Django form is drawn by the templates in ``templates/django/forms/``; a room has to do nothing
for it. Patterns: GOV.UK Design System.
"""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.forms.utils import from_current_timezone
from django.forms.widgets import Input
from django.utils import formats
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.widgets import DateTimeWidget, DateWidget, Parts, WordCountTextarea

REQUIRED = forms.Field.default_error_messages["required"]
# Messages of Django's and of the fields below, which do not say which question they are about.
SAYS_NO_NAME = {
    "incomplete",
    "invalid",
    "invalid_choice",
    "max_length",
    "max_value",
    "min_length",
    "min_value",
    "time",
    "too_many_words",
    "unstorable",
    "year",
}

# For texts without a limit of their own: some 3,500 words.
MOST_CHARACTERS = 20_000
# Others are slips of the key; spreadsheets cannot hold the first of them either.
YEARS = range(1900, 2101)


class PortalBoundField(forms.BoundField):
    """A field on a form with what its template needs: classes, ids, errors in our words."""

    def get_context(self) -> dict[str, Any]:
        """What the field's template shows; looked up once, since a bound field is slow to ask."""
        return {
            "field": self,
            "kind": self.kind,
            "id": self.auto_id,
            "label": self.label,
            "hint": self.help_text,
            "errors": self.shown_errors,
            "described_by": (self.use_fieldset and self.aria_describedby) or "",
            "is_optional": self.is_optional,
            "is_heading": self.is_heading,
        }

    @property
    def kind(self) -> str:
        """checkbox (one box alone), group (several controls under one legend) or single."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "checkbox"
        return "group" if self.use_fieldset else "single"

    @property
    def is_optional(self) -> bool:
        """Whether to say "(optional)": not for one box to tick, nor where everything is."""
        return (
            not self.field.required
            and not self.field.disabled
            and self.kind != "checkbox"
            and getattr(self.form, "mark_optional", True)
        )

    @property
    def is_heading(self) -> bool:
        """Whether the label is the page's heading: the form names it in ``heading_field``."""
        return getattr(self.form, "heading_field", None) == self.name

    @cached_property
    def error_data(self) -> list[ValidationError]:
        return self.form.errors.as_data().get(self.name, [])

    @cached_property
    def shown_errors(self) -> list[str]:
        """The errors as people read them; each says which question it is about."""
        shown = []
        for error in self.error_data:
            if error.code == "required" and error.message == REQUIRED:
                shown.append(_required_message(self))
            elif error.code in SAYS_NO_NAME:
                shown.extend(f"{_spoken_label(self)}: {message}" for message in error)
            else:
                shown.extend(str(message) for message in error)
        return shown

    @cached_property
    def wrong_parts(self) -> tuple[str, ...]:
        """Of a date, the boxes to mark; all of them when no error names its own."""
        if not isinstance(self.field.widget, DateWidget) or not self.error_data:
            return ()
        named = [
            part for error in self.error_data for part in (error.params or {}).get("parts", ())
        ]
        return tuple(named) or tuple(part for part, *_rest in self.field.widget.parts)

    @property
    def error_target(self) -> str:
        """The id of the control that an error in the summary links to."""
        if self.wrong_parts:
            return f"{self.auto_id}_{self.wrong_parts[0]}"
        if isinstance(self.field.widget, forms.RadioSelect | forms.MultiWidget):
            return f"{self.auto_id}_0"
        return self.field.widget.attrs.get("id") or self.auto_id

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if isinstance(self.field.widget, WordCountTextarea) and self.auto_id:
            return f"{described or ''} {self.auto_id}-info".strip()
        return described

    def build_widget_attrs(self, attrs: dict, widget: forms.Widget | None = None) -> dict:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        # The server checks, and says what is wrong in one place; browsers' own bubbles are not
        # accessible to everyone.
        attrs.pop("required", None)
        # A placeholder repeats the label, and goes when it is needed.
        widget.attrs.pop("placeholder", None)
        if self.use_fieldset:
            attrs.pop("aria-invalid", None)
        if isinstance(widget, DateWidget):
            attrs["wrong_parts"] = " ".join(self.wrong_parts)
        base = _control_class(widget)
        if base:
            classes = [widget.attrs.get("class", ""), attrs.get("class", ""), base]
            if base == "govuk-input":
                classes.append(_width_class(widget))
            if self.errors and base != "govuk-checkboxes__input":
                classes.append(f"{base}--error")
            attrs["class"] = " ".join(dict.fromkeys(" ".join(classes).split()))
        return attrs


class PortalRenderer(TemplatesSetting):
    """Draws every form with the portal's own templates."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = PortalBoundField


def _control_class(widget: forms.Widget) -> str:
    if widget.is_hidden or isinstance(widget, forms.RadioSelect | forms.MultiWidget | DateWidget):
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "govuk-checkboxes__input"
    if isinstance(widget, forms.FileInput):
        return "govuk-file-upload"
    if isinstance(widget, forms.Select):
        return "govuk-select"
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    return "govuk-input" if isinstance(widget, Input) else ""


def _width_class(widget: forms.Widget) -> str:
    """A box about as wide as its answer, which tells people what is expected."""
    if isinstance(widget, forms.NumberInput):
        return "govuk-input--width-5"
    if isinstance(widget, forms.DateInput | forms.DateTimeInput | forms.TimeInput):
        return "govuk-input--width-10"
    try:
        longest = int(widget.attrs.get("maxlength", 1000))
    except ValueError:
        return ""
    return next((f"govuk-input--width-{size}" for size in (5, 10, 20, 30) if longest <= size), "")


def _spoken_label(bound: forms.BoundField) -> str:
    return str(bound.label).rstrip(":?. ")


def _required_message(bound: forms.BoundField) -> str:
    label = _spoken_label(bound)
    widget = bound.field.widget
    if isinstance(widget, forms.FileInput):
        return _("%(label)s: choose a file") % {"label": label}
    if isinstance(widget, forms.CheckboxInput):
        return _("%(label)s: tick the box to go on") % {"label": label}
    if isinstance(widget, forms.Select | forms.RadioSelect):
        return _("%(label)s: choose an answer") % {"label": label}
    if isinstance(widget, DateWidget):
        return _("%(label)s: enter a date") % {"label": label}
    return _("%(label)s: enter an answer") % {"label": label}


def validate_storable(value: str) -> None:
    """Refuse what no database column holds: NUL, and halves of surrogate pairs."""
    if isinstance(value, str) and any(
        character == "\0" or unicodedata.category(character) == "Cs" for character in value
    ):
        raise ValidationError(
            _(
                "This contains a character that cannot be saved. "
                "Type the text again, or paste it as plain text."
            ),
            code="unstorable",
        )


def validate_length(value: str) -> None:
    """A text of a length that pages, mails and search indexes can bear; for fields that have no
    limit of their own."""
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        raise ValidationError(
            _(
                "This has %(length)s characters; the most is %(most)s. "
                "Shorten it, or add it as a file."
            ),
            code="too_long",
            params={"length": f"{len(value):,}", "most": f"{MOST_CHARACTERS:,}"},
        )


class PortalFormMixin:
    """What every form of the portal does beyond Django's: text that can be stored, and of a
    length that can be borne.

    ``heading_field`` names the field whose label is the page's heading; ``mark_optional`` is
    False where everything is optional, as in filters.
    """

    heading_field: str | None = None
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if isinstance(field, forms.CharField):
                field.validators = [
                    validate_storable,
                    *(
                        check
                        for check in field.validators
                        if not isinstance(check, ProhibitNullCharactersValidator)
                    ),
                ]
                if field.max_length is None:
                    field.validators.append(validate_length)


class PortalForm(PortalFormMixin, forms.Form):
    """The base of the portal's forms."""


class ManyRowsField(forms.ModelMultipleChoiceField):
    """Any number of rows. A number too large for a database is no row, and no fault either."""

    LARGEST = 2**63 - 1

    def clean(self, value: Any) -> Any:
        for key in value or []:
            if str(key).isdecimal() and int(key) > self.LARGEST:
                code = "invalid_choice"
                raise ValidationError(self.error_messages[code], code=code, params={"value": key})
        return super().clean(value)


class ReasonForm(PortalForm):
    """Why something is done, in a sentence or two; the page says ``label`` and ``help_text``."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000)

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class FilterForm(PortalForm):
    """The base of filter panels: nothing is marked optional, since everything is."""

    mark_optional = False


def _portal_formfield(db_field: Any, **kwargs: Any) -> forms.Field | None:
    if isinstance(db_field, models.DateTimeField):
        kwargs.setdefault("form_class", DateTimeField)
    elif isinstance(db_field, models.DateField):
        kwargs.setdefault("form_class", DateField)
    return db_field.formfield(**kwargs)


class PortalModelFormMetaclass(ModelFormMetaclass):
    """Gives model forms the portal's own date fields without a word in each form."""

    def __new__(mcs, name: str, bases: tuple, attrs: dict) -> type:
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(_portal_formfield)
        return super().__new__(mcs, name, bases, attrs)


class PortalModelForm(PortalFormMixin, forms.ModelForm, metaclass=PortalModelFormMetaclass):
    """The base of the portal's model forms."""


class SeenMixin(forms.Form):
    """Carries the version of what was on the page, to notice a change by somebody else.

    The page gives it as ``initial={"seen": core.versions.version_of(...)}``.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def see(self, version: str | int) -> None:
        """Count from ``version`` from now on: the next save is meant to replace it."""
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = str(version)


class HoneypotMixin(forms.Form):
    """A box that people do not see and that robots fill in: then the form is refused."""

    homepage_address = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this box empty"),
        template_name="django/forms/honeypot.html",  # type: ignore[call-arg]
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("homepage_address", ""):
            raise ValidationError(
                _(
                    "We could not take this form. "
                    "If you are a person, reload the page and try again."
                ),
                code="robot",
            )
        return cleaned


def _month_number(text: str) -> int | None:
    """A month by number or by its name, whole or short, in the language of the page."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text)
    wanted = text.casefold().rstrip(".")
    for names in (MONTHS, MONTHS_3):
        for number, name in names.items():
            if str(name).casefold() == wanted:
                return number
    return None


def parse_date_parts(parts: Parts) -> date:
    """The date that was typed. Raises ``ValidationError`` whose params name the wrong ``parts``."""
    missing = [part for part in ("day", "month", "year") if not getattr(parts, part)]
    if missing:
        names = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
        listed = _(" and ").join(names[part] for part in missing)
        raise ValidationError(
            _("The date must include %(missing)s"),
            code="incomplete",
            params={"missing": listed, "parts": missing},
        )
    month = _month_number(parts.month)
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}", parts.year):
        raise ValidationError(
            _("The year must have 4 numbers, such as 2026"), code="year", params={"parts": ["year"]}
        )
    try:
        # "26" is 2026: no date here is of another century.
        year = int(parts.year) + (2000 if len(parts.year) == 2 else 0)
        if year not in YEARS:
            raise ValidationError(
                _("The year must be between %(first)s and %(last)s"),
                code="year",
                params={"first": YEARS[0], "last": YEARS[-1], "parts": ["year"]},
            )
        return date(year, int(month or 0), int(parts.day))
    except (ValueError, OverflowError) as error:
        wrong = ["month"] if not month or not 1 <= month <= 12 else ["day"]
        raise ValidationError(
            _("Enter a real date, such as 26 7 2026"), code="invalid", params={"parts": wrong}
        ) from error


def parse_time(text: str) -> time:
    """A time as people write it: 2pm, 2.30pm, 14:30, 14. Raises ``ValidationError``."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*([ap])?\.?m?\.?", text.strip().lower())
    if found:
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and 1 <= hour <= 12:
            return _checked_time(hour % 12 + (12 if half == "p" else 0), minute)
        if not half:
            return _checked_time(hour, minute)
    raise _time_error()


def _checked_time(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError as error:
        raise _time_error() from error


def _time_error() -> ValidationError:
    return ValidationError(
        _("Enter a time, such as 2pm or 14:30"), code="time", params={"parts": ["time"]}
    )


class DateField(forms.DateField):
    """A date in three boxes, which keep what was typed. Cleans to ``datetime.date``."""

    widget = DateWidget

    def to_python(self, value: Any) -> date | None:
        return parse_date_parts(value) if isinstance(value, Parts) else super().to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, self.to_python(data))
        except ValidationError:
            return True


class DateTimeField(forms.DateTimeField):
    """A date in three boxes and a time. Cleans to an aware ``datetime`` in the portal's zone."""

    widget = DateTimeWidget

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, Parts):
            return super().to_python(value)
        day = parse_date_parts(value)
        if not value.time:
            raise ValidationError(
                _("Enter a time as well as a date"), code="incomplete", params={"parts": ["time"]}
            )
        return from_current_timezone(datetime.combine(day, parse_time(value.time)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, self.to_python(data))
        except ValidationError:
            return True


def count_words(text: str) -> int:
    """How many words: runs of anything but white space, as the counter in the page counts."""
    return len(text.split())


class WordLimitField(forms.CharField):
    """Long text of at most ``max_words`` words, counted while typing and checked here."""

    def __init__(self, *, max_words: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", WordCountTextarea(max_words))
        super().__init__(**kwargs)
        self.max_words = max_words

    def validate(self, value: str) -> None:
        super().validate(value)
        words = count_words(value)
        over = words - self.max_words
        if over > 0:
            raise ValidationError(
                ngettext(
                    "%(over)s word too long. You wrote %(words)s words; the most is %(most)s.",
                    "%(over)s words too long. You wrote %(words)s words; the most is %(most)s.",
                    over,
                ),
                code="too_many_words",
                params={
                    "over": formats.number_format(over, force_grouping=True),
                    "words": formats.number_format(words, force_grouping=True),
                    "most": formats.number_format(self.max_words, force_grouping=True),
                },
            )
