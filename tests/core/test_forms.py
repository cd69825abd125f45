"""Forms: what people see, what is kept on error, and what is refused."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from core.forms import (
    DateField,
    DateTimeField,
    FilterForm,
    HoneypotMixin,
    ManyRowsField,
    PortalForm,
    PortalModelForm,
    WordLimitField,
    count_words,
    parse_time,
)
from core.widgets import HintedRadioSelect

LONDON = ZoneInfo("Europe/London")


def drawn(form):
    return " ".join(str(form).split())


class NameForm(PortalForm):
    name = forms.CharField(
        label="Name of your group", help_text="As on <b>letters</b>", max_length=20
    )
    phone = forms.CharField(label="Telephone", required=False)
    nation = forms.ChoiceField(
        label="Nation",
        choices=[("wales", "Wales"), ("scotland", "Scotland")],
        widget=HintedRadioSelect(hints={"wales": "Also in Welsh"}),
    )
    agree = forms.BooleanField(label="I agree")


class DatesForm(PortalForm):
    day = DateField(label="First meeting")
    opens = DateTimeField(label="Opens", required=False)


class StoryForm(PortalForm):
    story = WordLimitField(label="Your story", max_words=3)


class RobotForm(HoneypotMixin, PortalForm):
    name = forms.CharField()


def test_a_field_joins_label_hint_and_error_to_its_control():
    html = drawn(NameForm({}))
    assert '<label class="govuk-label govuk-label--s" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div id="id_name_helptext" class="govuk-hint">' in html
    assert (
        '<span class="govuk-visually-hidden">Error:</span> Name of your group: enter an answer'
        in html
    )


def test_help_text_is_escaped():
    assert "As on &lt;b&gt;letters&lt;/b&gt;" in drawn(NameForm())


def test_only_optional_fields_are_marked():
    html = drawn(NameForm())
    assert html.count("(optional)") == 1
    assert 'Telephone <span class="impact-optional">(optional)</span>' in html


def test_filters_mark_nothing_as_optional():
    class Filters(FilterForm):
        lead = forms.CharField(required=False)

    assert "(optional)" not in drawn(Filters())


def test_browsers_do_not_check_before_the_server():
    assert " required" not in drawn(NameForm())
    assert "novalidate" in render_to_string("components/form.html", {"form": NameForm()})


def test_radios_stand_in_a_fieldset_with_a_legend_and_hints():
    html = drawn(NameForm())
    assert '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">' in html
    assert 'id="id_nation_0" aria-describedby="id_nation_0_hint"' in html
    assert (
        '<div id="id_nation_0_hint" class="govuk-hint govuk-radios__hint">Also in Welsh</div>'
        in html
    )


def test_radios_with_an_error_do_not_carry_aria_invalid():
    html = drawn(NameForm({"name": "A", "agree": "on"}))
    assert "aria-invalid" not in html


def test_the_label_is_the_heading_when_the_form_says_so():
    class OneQuestion(PortalForm):
        heading_field = "name"
        name = forms.CharField(label="What is your name?")

    assert '<h1 class="govuk-label-wrapper">' in drawn(OneQuestion())


def test_the_error_summary_links_to_the_first_control_of_each_question():
    html = render_to_string("components/error_summary.html", {"form": NameForm({})})
    assert '<a href="#id_name">Name of your group: enter an answer</a>' in html
    assert '<a href="#id_nation_0">Nation: choose an answer</a>' in html
    assert '<a href="#id_agree">I agree: tick the box to go on</a>' in html


def test_the_error_summary_is_absent_without_errors():
    assert render_to_string("components/error_summary.html", {"form": NameForm()}).strip() == ""


def test_the_error_summary_links_to_the_wrong_part_of_a_date():
    form = DatesForm({"day_day": "31", "day_month": "13", "day_year": "2026"})
    html = render_to_string("components/error_summary.html", {"form": form})
    assert '<a href="#id_day_month">First meeting: Enter a real date, such as 26 7 2026</a>' in html


def test_typed_text_is_kept_when_a_form_has_errors():
    class Everything(PortalForm):
        number = forms.IntegerField()
        text = forms.CharField(max_length=3)
        long = WordLimitField(max_words=1)
        day = DateField()

    sent = {
        "number": "abc",
        "text": "too long",
        "long": "one two",
        "day_day": "x",
        "day_month": "y",
        "day_year": "z",
    }
    html = drawn(Everything(sent))
    for value in [
        'value="abc"',
        'value="too long"',
        "one two</textarea>",
        'value="x"',
        'value="y"',
        'value="z"',
    ]:
        assert value in html


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("26", "7", "2022"), date(2022, 7, 26)),
        (("26", "7", "22"), date(2022, 7, 26)),
        (("1", "July", "2026"), date(2026, 7, 1)),
        (("01", "jul", "2026"), date(2026, 7, 1)),
    ],
)
def test_a_date_in_parts_is_read(typed, expected):
    form = DatesForm(dict(zip(["day_day", "day_month", "day_year"], typed, strict=True)))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == expected


def test_a_month_is_read_by_its_welsh_name():
    with translation.override("cy"):
        form = DatesForm({"day_day": "1", "day_month": "Medi", "day_year": "2026"})
        assert form.is_valid(), form.errors


def test_a_date_is_read_from_an_address():
    assert DatesForm(QueryDict("day=2026-07-26")).is_valid()


@pytest.mark.parametrize(
    ("typed", "parts", "message"),
    [
        (("", "7", "2026"), ("day",), "First meeting: The date must include a day"),
        (
            ("", "", "2026"),
            ("day", "month"),
            "First meeting: The date must include a day and a month",
        ),
        (("9" * 30, "7", "2022"), ("day",), "First meeting: Enter a real date, such as 26 7 2026"),
        (("1", "7", "226"), ("year",), "First meeting: The year must have 4 numbers, such as 2026"),
        (("31", "2", "2026"), ("day",), "First meeting: Enter a real date, such as 26 7 2026"),
        (("1", "²", "2026"), ("month",), "First meeting: Enter a real date, such as 26 7 2026"),
        (("1\0", "1", "2026"), ("day",), "First meeting: Enter a real date, such as 26 7 2026"),
        (
            ("1" * 5000, "1", "2026"),
            ("day",),
            "First meeting: Enter a real date, such as 26 7 2026",
        ),
        (
            ("1", "1" * 5000, "2026"),
            ("month",),
            "First meeting: Enter a real date, such as 26 7 2026",
        ),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_marks_the_part(typed, parts, message):
    form = DatesForm(dict(zip(["day_day", "day_month", "day_year"], typed, strict=True)))
    assert form["day"].wrong_parts == parts
    assert form["day"].shown_errors == [message]


def test_an_empty_date_is_required_and_optional_where_it_is_optional():
    form = DatesForm({"day_day": "", "opens_day": ""})
    assert form["day"].shown_errors == ["First meeting: enter a date"]
    assert form["opens"].shown_errors == []


def test_a_date_and_time_is_read_in_the_portals_zone():
    form = DatesForm(
        {
            "day": "2026-01-01",
            "opens_day": "26",
            "opens_month": "7",
            "opens_year": "2022",
            "opens_time": "2pm",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["opens"] == datetime(2022, 7, 26, 14, tzinfo=LONDON)


def test_a_saved_date_and_time_is_shown_in_local_time():
    form = DatesForm(initial={"opens": datetime(2022, 7, 26, 13, tzinfo=ZoneInfo("UTC"))})
    assert 'value="14:00"' in drawn(form["opens"])


def test_a_time_that_the_clock_change_skips_is_refused():
    sent = {"opens_day": "29", "opens_month": "3", "opens_year": "2026", "opens_time": "1:30"}
    assert "opens" in DatesForm({"day": "2026-01-01", **sent}).errors


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2pm", (14, 0)),
        ("2.30 p.m.", (14, 30)),
        ("14:30", (14, 30)),
        ("12am", (0, 0)),
        ("12pm", (12, 0)),
        ("9", (9, 0)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, expected):
    read = parse_time(typed)
    assert (read.hour, read.minute) == expected


@pytest.mark.parametrize("typed", ["", "noon", "25:00", "13pm", "2:75", "0am"])
def test_a_time_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        parse_time(typed)


def test_an_unchanged_date_is_not_a_change():
    form = DatesForm(
        {"day_day": "1", "day_month": "1", "day_year": "2026"}, initial={"day": date(2026, 1, 1)}
    )
    assert form.changed_data == []


def test_words_are_counted_as_runs_without_white_space():
    assert count_words("  one-two\nthree\tfour ") == 3


def test_too_many_words_are_refused_with_the_figures():
    assert StoryForm({"story": "one two three"}).is_valid()
    form = StoryForm({"story": "one two three four"})
    assert form["story"].shown_errors == [
        "Your story: 1 word too long. You wrote 4 words; the most is 3."
    ]


def test_the_word_counter_is_described_and_works_without_a_script():
    html = drawn(StoryForm())
    assert 'data-maxlength="3" data-count-type="words"' in html
    assert 'aria-describedby="id_story-info"' in html
    assert "You can write up to 3 words" in html
    assert 'data-i18n.words-under-limit.other="You have %{count} words left"' in html


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_text_that_cannot_be_stored_is_refused_once(character):
    form = NameForm({"name": f"a{character}b", "nation": "wales", "agree": "on"})
    (error,) = form["name"].shown_errors
    assert error.startswith("Name of your group: This contains a character that cannot be saved.")


def test_a_filled_honeypot_refuses_the_form_and_an_empty_one_leaves_no_trace():
    good = RobotForm({"name": "Ann", "homepage_address": ""})
    assert good.is_valid()
    assert good.cleaned_data == {"name": "Ann"}
    assert (
        RobotForm({"name": "Ann", "homepage_address": "http://x"}).non_field_errors().data[0].code
        == "robot"
    )
    assert 'aria-hidden="true"' in drawn(good) and 'tabindex="-1"' in drawn(good)


def test_a_number_box_takes_text_so_that_nothing_typed_is_lost():
    class Size(PortalForm):
        people = forms.IntegerField(min_value=1)
        money = forms.DecimalField(decimal_places=2, max_digits=6)

    html = drawn(Size())
    assert 'type="text" inputmode="numeric" name="people"' in html
    assert 'type="text" inputmode="decimal" name="money"' in html
    assert "min=" not in html


def test_a_password_is_not_sent_back():
    class Secret(PortalForm):
        password = forms.CharField(widget=forms.PasswordInput)

    html = drawn(Secret({"password": "hunter2"}))
    assert "hunter2" not in html
    assert "govuk-js-password-input-input" in html


def test_the_empty_choice_reads_as_words():
    class Pick(PortalForm):
        kind = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])

    assert "Choose one" in drawn(Pick())


def test_model_forms_get_the_portals_date_fields():
    from accounts.models import User

    class JoinedForm(PortalModelForm):
        class Meta:
            model = User
            fields = ["last_login"]

    (field,) = JoinedForm().fields.values()
    assert type(field) is DateTimeField


@pytest.mark.django_db
def test_a_number_too_large_for_the_database_is_no_row():
    field = ManyRowsField(queryset=get_user_model().objects.all())
    with pytest.raises(ValidationError, match="not one of the available choices"):
        field.clean(["9" * 40])
