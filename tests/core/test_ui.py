"""Tags, filters, dates and the comparison of texts."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import RoleKind
from core.dates import nice_date, nice_datetime, nice_time, short_date
from core.todo import Todo
from core.worddiff import Piece, changes, compare
from tests.accounts.factories import UserFactory, person_with

UTC = ZoneInfo("UTC")


def sign_in(client, person):
    """Sign in as the person that the database holds: a session is bound to the stored password."""
    person.refresh_from_db()
    client.force_login(person)


def render(source, **context):
    return " ".join(Template("{% load i18n ui %}" + source).render(Context(context)).split())


def test_a_moment_is_said_in_the_portals_time():
    assert nice_datetime(datetime(2022, 7, 26, 13, 0, tzinfo=UTC)) == "Tuesday 26 July 2022, 2pm"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (9, 0, "9am"),
        (12, 0, "midday"),
        (12, 30, "12:30pm"),
        (23, 59, "11:59pm"),
    ],
)
def test_a_time_is_said_as_people_say_it(hour, minute, said):
    assert nice_time(datetime(2022, 1, 10, hour, minute, tzinfo=UTC)) == said


def test_a_date_near_midnight_is_the_local_one():
    assert nice_date(datetime(2022, 7, 26, 23, 30, tzinfo=UTC)) == "Wednesday 27 July 2022"


def test_a_plain_date_is_said_whole_and_short():
    assert nice_date(date(2022, 8, 1)) == "Monday 1 August 2022"
    assert short_date(date(2022, 8, 1)) == "1 August 2022"


def test_no_date_says_nothing():
    assert [said(None) for said in (nice_date, short_date, nice_time, nice_datetime)] == [""] * 4


def test_days_and_months_are_said_in_welsh():
    with translation.override("cy"):
        assert nice_date(date(2022, 9, 1)) == "Dydd Iau 1 Medi 2022"


def test_a_part_carries_its_whole():
    assert render("{{ 23|of_total:31 }}") == "23 of 31"
    assert render("{{ 1480|of_total:20000 }}") == "1,480 of 20,000"


@pytest.mark.parametrize(
    ("colour", "classes"),
    [
        ("good", "govuk-tag govuk-tag--green"),
        ("info", "govuk-tag"),
        ("no such", "govuk-tag govuk-tag--grey"),
    ],
)
def test_a_tag_has_the_colour_of_its_meaning(colour, classes):
    assert render("{% tag text colour %}", text="<Live>", colour=colour) == (
        f'<strong class="{classes}">&lt;Live&gt;</strong>'
    )


def test_example_data_is_marked_and_nothing_else_is():
    assert "Example data" in render("{% example_badge obj %}", obj=SimpleNamespace(is_example=True))
    assert render("{% example_badge obj %}", obj=SimpleNamespace(is_example=False)) == ""
    assert render("{% example_badge obj %}", obj=SimpleNamespace()) == ""


def test_a_summary_list_takes_tuples_and_dicts():
    html = render(
        "{% summary_list rows %}",
        rows=[("Name", "Ann", "/change/", ""), {"key": "Sites", "value": 0}],
    )
    assert 'href="/change/">Change<span class="govuk-visually-hidden"> Name</span></a>' in html
    assert '<dd class="govuk-summary-list__value">0</dd>' in html


@pytest.mark.parametrize("nothing", ["", None])
def test_a_summary_list_says_that_an_answer_is_missing(nothing):
    assert "Not given" in render("{% summary_list rows %}", rows=[("Telephone", nothing)])


def test_blocks_escape_their_titles_and_keep_their_content():
    html = render('{% card title "/x/" %}<p>In</p>{% endcard %}', title="<b>")
    assert html == (
        '<div class="impact-card"><h2 class="impact-card__title">'
        '<a class="govuk-link" href="/x/">&lt;b&gt;</a></h2><p>In</p></div>'
    )


def test_a_block_escapes_the_values_in_it():
    assert "&lt;b&gt;" in render("{% inset %}{{ x }}{% endinset %}", x="<b>")


def test_a_warning_is_called_one_for_those_who_do_not_see_its_sign():
    assert '<span class="govuk-visually-hidden">Warning</span> Stop' in render(
        "{% warning_text %}Stop{% endwarning_text %}"
    )


def test_details_open_without_a_script():
    assert render("{% details 'How' %}So{% enddetails %}").startswith(
        '<details class="govuk-details"><summary'
    )


def test_an_empty_state_is_a_heading_and_words():
    assert '<h3 class="impact-empty__title">None yet</h3>' in render(
        "{% empty_state 'None yet' 3 %}Add{% endempty_state %}"
    )


def test_a_scroll_region_is_named_and_reached_by_keyboard():
    html = render("{% scroll_region 'Projects' %}x{% endscroll_region %}")
    assert (
        html
        == '<div class="impact-scroll" role="region" aria-label="Projects" tabindex="0">x</div>'
    )


def test_progress_has_words():
    html = render("{% progress 3 12 '3 of 12 pages' %}")
    assert 'value="3" max="12"' in html
    assert "3 of 12 pages" in html


def _page(**more):
    return SimpleNamespace(
        **{
            "rows": [],
            "next_cursor": None,
            "previous_cursor": None,
            "count_label": "2 results",
            **more,
        }
    )


def test_pages_keep_the_other_parameters_of_the_address():
    request = RequestFactory().get("/?q=carers&nation=wales&nation=england&cursor=old")
    html = render("{% pagination page %}", page=_page(next_cursor="new"), request=request)
    assert 'href="?q=carers&amp;nation=wales&amp;nation=england&amp;cursor=new" rel="next"' in html
    assert 'rel="prev"' not in html


def test_a_single_page_has_no_links_but_says_how_many():
    html = render("{% pagination page %}", page=_page(), request=RequestFactory().get("/"))
    assert html == '<p class="impact-pagination impact-pagination__count">2 results</p>'


def test_a_timeline_says_what_when_who_and_why():
    moment = datetime(2022, 7, 26, 13, 0, tzinfo=UTC)
    html = render(
        "{% timeline entries %}",
        entries=[{"at": moment, "who": "Ann", "text": "Sent", "reason": "Late"}],
    )
    assert "Tuesday 26 July 2022, 2pm, Ann" in html
    assert '<p class="impact-timeline__reason">Late</p>' in html


def test_a_todo_list_says_what_is_late():
    html = render(
        "{% todo items %}",
        items=[Todo("to read", "/", count=2, due=date(2022, 8, 1), is_late=True)],
    )
    assert "Late: was due Monday 1 August 2022" in html
    assert '<span class="impact-todo__count">2</span>' in html


def test_a_todo_that_names_one_thing_shows_no_count_and_says_the_hour():
    closing = datetime(2022, 8, 1, 17, tzinfo=ZoneInfo("Europe/London"))
    html = render("{% todo items %}", items=[Todo("Finish your draft", "/", due=closing)])
    assert "impact-todo__count" not in html
    assert "impact-todo--counted" not in html
    assert "Due Monday 1 August 2022, 5pm" in html


def test_a_task_list_has_few_statuses():
    html = render(
        "{% task_list items %}",
        items=[
            {"title": "A", "url": "/", "is_done": True},
            {"title": "B", "url": "/"},
            {"title": "C", "url": ""},
        ],
    )
    assert html.count("Done") == 1
    assert '<strong class="govuk-tag">To do</strong>' in html
    assert "Cannot start yet" in html


def test_a_comparison_marks_phrases():
    assert compare("Notes go out after a week.", "Notes go out in three formats.") == [
        Piece("same", "Notes go out "),
        Piece("deleted", "after a week."),
        Piece("inserted", "in three formats."),
    ]


def test_a_comparison_is_read_aloud():
    html = render("{% word_diff 'We meet' 'We <b>' %}")
    assert html == (
        '<div class="impact-diff">We <del><span class="govuk-visually-hidden">deleted: </span>meet'
        '<span class="govuk-visually-hidden"> end of deleted text</span></del>'
        '<ins><span class="govuk-visually-hidden">inserted: </span>&lt;b&gt;'
        '<span class="govuk-visually-hidden"> end of inserted text</span></ins></div>'
    )


def test_changes_are_only_what_differs():
    assert changes("a b", "a c") == [Piece("deleted", "b"), Piece("inserted", "c")]
    assert changes("a", "a") == []


@given(st.text(alphabet="ab .\n", max_size=60), st.text(alphabet="ab .\n", max_size=60))
def test_a_comparison_loses_no_word(old, new):
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "inserted") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted") == new


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "?errors=1"])
def test_the_gallery_shows_staff_every_component(client, settings, address):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, person_with(RoleKind.PROGRAMME_STAFF))
    html = client.get(reverse("core:gallery") + address).content.decode()
    assert ("<title>Error: Components" in " ".join(html.split())) == bool(address)
    assert html.count('<svg class="impact-chart__svg"') == 4
    assert "undefined" not in html


@pytest.mark.django_db
def test_the_gallery_is_for_staff(client):
    assert client.get(reverse("core:gallery")).status_code == 302
    sign_in(client, UserFactory())
    assert client.get(reverse("core:gallery")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_request_login_code", "account_reset_password"],
)
def test_the_way_in_is_drawn_with_the_portals_own_page(client, name):
    html = client.get(reverse(name)).content.decode()
    assert '<html lang="en-gb" class="govuk-template">' in html
    assert html.count('id="main-content"') == html.count("<h1") == 1
    assert "style=" not in html and "undefined" not in html


@pytest.mark.django_db
def test_signing_in_offers_a_code_and_a_password_as_equals(client):
    html = client.get(reverse("account_login")).content.decode()
    assert html.count("impact-choices__choice") == 2
    assert html.index("Email me a code") < html.index("Use your password")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_stands_without_a_request(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert "undefined" not in html
