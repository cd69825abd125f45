"""The gallery: every component of the portal in every state, for staff who build pages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.access import PortalView
from core.charts import BarChart, LineChart, Series, StackedBarChart
from core.forms import (
    DateField,
    DateTimeField,
    FilterForm,
    HoneypotMixin,
    PortalForm,
    WordLimitField,
)
from core.paging import KeysetPage
from core.todo import Todo
from core.widgets import HintedCheckboxSelectMultiple, HintedRadioSelect

LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
NATIONS = [
    ("england", _("England")),
    ("scotland", _("Scotland")),
    ("wales", _("Wales")),
    ("northern_ireland", _("Northern Ireland")),
]
FIRST = datetime(2022, 7, 26, 14, 0, tzinfo=ZoneInfo("Europe/London"))


class SampleForm(HoneypotMixin, PortalForm):
    """One field of every kind."""

    name = forms.CharField(
        label=_("Name of your group"), max_length=80, help_text=_("As you write it on letters.")
    )
    email = forms.EmailField(label=_("E-mail address"))
    phone = forms.CharField(label=_("Telephone number"), required=False, max_length=20)
    people = forms.IntegerField(label=_("How many people are in your group?"), min_value=1)
    nation = forms.ChoiceField(label=_("Nation"), choices=NATIONS, widget=forms.RadioSelect)
    model = forms.ChoiceField(
        label=_("Kind of project"),
        choices=[("network", _("Network")), ("facilitator", _("Facilitator"))],
        widget=HintedRadioSelect(hints={"network": _("People who meet four times in six months.")}),
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats that you need"),
        required=False,
        choices=[("large", _("Large print")), ("easy", _("Easy Read")), ("bsl", _("BSL video"))],
        widget=HintedCheckboxSelectMultiple(hints={"easy": _("Short sentences with pictures.")}),
    )
    topic = forms.ChoiceField(
        label=_("Topic"), choices=[("", "---------"), ("carers", _("Carers")), ("long", LONG_WORD)]
    )
    starts = DateField(label=_("First meeting"), help_text=_("For example, 26 7 2026."))
    opens = DateTimeField(label=_("When does it open?"), required=False)
    story = WordLimitField(label=_("What do you want to change?"), max_words=10)
    leaflet = forms.FileField(label=_("Leaflet"), required=False)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    agree = forms.BooleanField(label=_("I have read the privacy notice"))


class SampleFilters(FilterForm):
    """Filters as on a list of projects."""

    nation = forms.MultipleChoiceField(
        label=_("Nation"),
        required=False,
        choices=NATIONS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    lead = forms.CharField(label=_("Lead"), required=False)


@dataclass(frozen=True)
class Sample:
    """Something to show; it is of the demonstration."""

    title: str
    is_example: bool = True


def _timeline() -> list[dict[str, Any]]:
    return [
        {"at": FIRST + timedelta(days=9), "who": "Sam Okoro", "text": _("Accepted"), "reason": ""},
        {
            "at": FIRST + timedelta(days=2, minutes=30),
            "who": "Ann Lee",
            "text": _("Sent back with questions"),
            "reason": _("Two apologies have no group."),
        },
        {"at": FIRST, "who": "", "text": f"{_('Sent')} {LONG_WORD}", "reason": ""},
    ]


def _todo() -> list[Todo]:
    return [
        Todo(_("expressions of interest to read"), "#", count=3, due=FIRST, is_late=True),
        Todo(_("Log your meeting"), "#", detail=_("Local network"), due=date(2022, 8, 1)),
        Todo(_("updates to check"), "#", count=12),
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {"title": _("About your organisation"), "url": "#", "is_done": True},
        {"title": _("What you want to change"), "url": "#", "hint": _("About 300 words")},
        {"title": LONG_WORD, "url": "#", "status": _("Started")},
        {"title": _("Check your answers"), "url": ""},
    ]


def _charts() -> list[Any]:
    quarters = ["January 2022", "April 2022", "July 2022", "October 2022", "January 2023"]
    return [
        BarChart(
            title=gettext("23 of 31 practices take part, most of them in the south"),
            labels=["South", "North", LONG_WORD],
            series=[Series("Practices", [15, 8, 0])],
            totals=[18, 13, 4],
            unit=gettext("practices"),
        ),
        BarChart(
            title=gettext("Carers put time off first in three of four nations"),
            labels=[str(name) for _value, name in NATIONS],
            series=[Series("Carers", [41, 38, None, 22]), Series("Staff", [20, 31, 17, 25])],
            missing=gettext("fewer than 5"),
        ),
        StackedBarChart(
            title=gettext("Most members agree with the first clause"),
            labels=["Clause 1", "Clause 2"],
            series=[
                Series("Agree", [9, 4]),
                Series("Can live with it", [2, 5]),
                Series("Want to talk", [1, 2]),
                Series("Cannot agree", [0, 1]),
            ],
            unit=gettext("members"),
        ),
        LineChart(
            title=gettext("People reached grew from 120 to 1,480 in a year"),
            labels=quarters,
            series=[
                Series("Reached", [120, 410, None, 1100, 1480]),
                Series("Planned", [200, 500, 800, 1100, 1400]),
            ],
            references={gettext("Target"): 1400},
            notes={"October 2022": gettext("Second coach started")},
            unit=gettext("people"),
        ),
    ]


def _context(request: HttpRequest) -> dict[str, Any]:
    sent = request.GET.get("errors") == "1"
    typed = {"starts_day": "31", "starts_month": "2", "starts_year": "22", "people": "many"}
    return {
        "long_word": LONG_WORD,
        "reference": "EOI-2026-0042",
        "form": SampleForm({**typed, "story": "word " * 12}) if sent else SampleForm(),
        "filters": SampleFilters(request.GET, auto_id="filter_%s"),
        "sample": Sample("Example"),
        "moment": FIRST,
        "rows": [
            (_("Name"), "Ann Lee", "#", ""),
            {"key": _("Web address"), "value": f"https://example.org/{LONG_WORD}"},
            (_("Telephone number"), ""),
        ],
        "timeline_entries": _timeline(),
        "todo_items": _todo(),
        "tasks": _tasks(),
        "page": KeysetPage(
            rows=[],
            next_cursor="n",
            previous_cursor="p",
            count=1001,
            count_label=str(_("more than 1,000 results")),
        ),
        "only_page": KeysetPage(
            rows=[],
            next_cursor=None,
            previous_cursor=None,
            count=3,
            count_label=str(_("3 results")),
        ),
        "old_text": "We meet three times a year.\nEverybody may speak.\nNotes go out after a week.",
        "new_text": "We meet four times a year.\nEverybody may speak.\nNotes go out at once.",
        "prose": f"# A heading\n\n**Strong**, [a link](https://example.org)\n\n- {LONG_WORD}",
        "charts": _charts(),
    }


class GalleryView(PortalView):
    """Shows the components; with ``?errors=1`` the form is shown as if it had been sent wrong."""

    permission = "core.view_gallery"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "core/gallery.html", _context(request))
