"""The programme overview: its figures, what is behind each, and its files."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.enums import Nation
from impact_portal.overview.figures import LATE, LEARNED, PEOPLE, YEARLY, kinds
from impact_portal.overview.scope import Scope
from impact_portal.overview.selectors import overview
from meetings.enums import MeetingState, Perspective, Presence
from meetings.models import Attendance, GuestCount
from projects.enums import DeliveryModel, LearningKind, ProjectState, UpdateState
from projects.models import SavedView
from surveys.models import SurveyRollup
from tests.accounts.factories import person_with
from tests.demonstrators.factories import DemonstratorFactory, SiteFactory
from tests.guides.factories import UseFeedbackFactory
from tests.meetings.factories import ActionFactory, GroupFactory, MeetingFactory, MemberFactory
from tests.networks.factories import LocalNetworkFactory, NetworkFactory
from tests.projects.factories import (
    LearningFactory,
    MilestoneFactory,
    OutcomeFactory,
    PhaseFactory,
    ProjectFactory,
    TopicFactory,
    UpdateFactory,
)
from tests.surveys.factories import SurveyFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("overview:page")
FIGURE = re.compile(r'<a class="govuk-link"\s+href="([^"]+)"\s+data-figure="([^"]+)">([^<]+)<')
CHOICES = [
    "",
    "?nation=wales",
    "?nation=england&model=demonstrator",
    "?model=network",
    "?year={this}",
    "?year={last}",
    "?nation=scotland&model=network&year={this}",
    "?nation=northern_ireland&year={this}",
]


@pytest.fixture
def leader(client):
    client.force_login(person_with(RoleKind.LEADERSHIP))
    return client


def figures_on(html: str) -> list[tuple[str, str, str]]:
    """Every figure of a page that leads somewhere: address, number or "hidden", words."""
    return [(unescape(url), value, words.strip()) for url, value, words in FIGURE.findall(html)]


def opened(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def count_on(html: str) -> str:
    """What a page that was opened from a figure says of how many rows, or people, it is about."""
    if total := re.search(r'data-total="([^"]+)"', html):
        return total[1]
    if rows := re.search(r">\s*([\d,]+) results?<", html):
        return rows[1].replace(",", "")
    assert "impact-empty" in html
    return "0"


def choices() -> list[str]:
    year = timezone.localdate().year
    return [choice.format(this=year, last=year - 1) for choice in CHOICES]


def every_figure_opens_as_many(client) -> int:
    """Open what is behind each figure of each choice; how many of them were not nought."""
    seen: dict[str, str] = {}
    for choice in choices():
        found = figures_on(opened(client, PAGE + choice))
        assert len(found) > 30
        for url, value, _words in found:
            assert seen.setdefault(url, value) == value, "one figure, counted twice differently"
    for url, value in seen.items():
        assert count_on(opened(client, url)) == value, url
    return sum(value not in {"0", "hidden"} for value in seen.values())


def make_programme(size: int = 1) -> None:
    """A little of everything, in two years and several nations, ``size`` times."""
    today = timezone.localdate()
    phase, topic = PhaseFactory(), TopicFactory()
    for place in range(size):
        nation = Nation.values[place % 4]
        network = NetworkFactory(project__nations=[nation], project__state=ProjectState.LIVE)
        network.project.topics.add(topic)
        local = LocalNetworkFactory(network=network, nation=nation)
        ProjectFactory(
            model=DeliveryModel.FACILITATOR,
            phase=phase,
            nations=[Nation.WALES, nation] if nation != Nation.WALES else [nation],
            state=ProjectState.CLOSED,
            starts_on=date(today.year - 1, 1, 1),
            ends_on=date(today.year - 1, 6, 1),
            state_changed_at=datetime(today.year - 1, 6, 1, 9, tzinfo=UTC),
        )
        late = ProjectFactory(
            nations=[nation],
            state=ProjectState.LIVE,
            starts_on=date(today.year, 1, 1),
            ends_on=today - timedelta(days=1) if today.timetuple().tm_yday > 1 else None,
        )
        MilestoneFactory(project=late, due_on=today - timedelta(days=40))
        LearningFactory(project=late, kind=LearningKind.HELPED)
        LearningFactory(project=network.project, kind=LearningKind.HINDERED)
        OutcomeFactory(project=late, seen_on=date(today.year - 1, 5, 1))
        OutcomeFactory(project=late)
        UpdateFactory(project=late, state=UpdateState.PUBLISHED, published_at=timezone.now())
        ActionFactory(group=local.group, due_on=today - timedelta(days=3))
        _meetings(local.group)
        demonstrator = DemonstratorFactory(project__nations=[nation])
        SiteFactory(demonstrator=demonstrator, state="implementing", since=today, population=640)
    survey = SurveyFactory(opens_on=today)
    SurveyRollup.objects.create(survey=survey, nation="wales", count=30)
    SurveyRollup.objects.create(survey=survey, nation="", count=12)
    UseFeedbackFactory.create_batch(7, nation=Nation.WALES)


def _meetings(group) -> None:
    members = MemberFactory.create_batch(6, group=group, joined_on=date(2022, 7, 1))
    for days in (20, 400):
        held = MeetingFactory(
            group=group, state=MeetingState.HELD, starts_at=timezone.now() - timedelta(days=days)
        )
        Attendance.objects.bulk_create(
            Attendance(meeting=held, member=member, presence=Presence.CAME) for member in members
        )
        GuestCount.objects.create(meeting=held, perspective=Perspective.CARER, number=9)


def values(found, table: str) -> dict[str, int | None]:
    return {line.label: line.figures[0].value for line in found.tables[table].lines}


def test_every_figure_of_the_loaded_programme_opens_as_many_rows(leader):
    call_command("load_programme", verbosity=0, stdout=io.StringIO())
    assert every_figure_opens_as_many(leader) > 30


def test_every_figure_opens_as_many_rows(leader):
    make_programme(4)
    assert every_figure_opens_as_many(leader) > 60


def test_overview_of_nothing_is_noughts_and_each_can_be_opened(leader):
    assert every_figure_opens_as_many(leader) == 0


def test_figures_count_what_they_say():
    make_programme(4)
    now = timezone.now()
    found = overview(Scope(), now)
    assert (found.total.value, found.under_way.value) == (16, 8)
    models = {"Network": 8, "Demonstrator": 4, "Facilitator": 4, "Ask IMPACT guide": 0}
    assert values(found, "model") == models
    nations = {"England": 4, "Scotland": 4, "Wales": 7, "Northern Ireland": 4}
    assert values(found, "nation") == nations
    assert values(found, "going") == {"On track": 0, "Needs watching": 0, "Off track": 0}
    assert values(found, "late")["Late milestones"] == 4
    assert values(found, "late")["Late actions"] == 4
    assert values(found, "late")["Late returns"] == 4
    learned = values(found, "learned")
    assert [learned[name] for name in ("What helped", "What got in the way", "Outcomes")] == [
        4,
        4,
        8,
    ]
    assert list(values(found, "people").values()) == [48, 72, 24, 4 * 640, 42, 7]


def test_filters_narrow_every_table():
    make_programme(4)
    scotland = overview(Scope(nation="scotland"), timezone.now())
    assert values(scotland, "nation") == {"Scotland": 4}
    assert values(scotland, "late")["Late milestones"] == 1
    assert list(values(scotland, "people").values())[:4] == [12, 18, 6, 640]
    assert values(scotland, "people")["Answers to surveys"] is None
    guides = overview(Scope(model="guide"), timezone.now())
    assert list(values(guides, "model").values()) == [0]
    assert values(guides, "late")["Late actions"] == 0


def test_year_keeps_what_ran_and_what_happened_in_it():
    make_programme(2)
    last = timezone.localdate().year - 1
    found = overview(Scope(year=last), timezone.now())
    assert values(found, "model")["Facilitator"] == 2
    assert (found.total.value, found.undated.value) == (2, 4)
    assert values(found, "learned")["Outcomes"] == 2
    assert found.years == (last, last - 1)


def test_two_years_stand_side_by_side():
    make_programme(2)
    found = overview(Scope(), timezone.now())
    years = {line.label: line.figures for line in found.tables["years"].lines}
    this, last = years["Projects that were finished"]
    assert (this.value, last.value) == (0, 2)
    assert years["Projects that began"][0].value == 2


def test_a_project_is_finished_on_the_day_it_was_closed_whatever_day_was_planned():
    today = timezone.localdate()
    project = ProjectFactory(
        state=ProjectState.CLOSED,
        state_changed_at=timezone.now(),
        ends_on=today.replace(year=today.year + 1, day=1),
    )
    found = overview(Scope(), timezone.now())
    years = {line.label: line.figures for line in found.tables["years"].lines}
    assert [figure.value for figure in years["Projects that were finished"]] == [1, 0]
    assert project.ends_on.year > today.year


def test_all_projects_are_shown_whatever_view_opens_first():
    ProjectFactory(title="Elsewhere", nations=[Nation.ENGLAND])
    person = person_with(RoleKind.LEADERSHIP)
    SavedView.objects.create(owner=person, name="Wales", query="nation=wales", opens_first=True)
    client = Client()
    client.force_login(person)
    found = overview(Scope(), timezone.now())
    page = client.get(found.total.url)
    assert page.status_code == 200
    assert page.context["page"].count == found.total.value == 1


def test_numbers_of_few_people_are_hidden_on_the_page_behind_it_and_in_files(leader):
    held = MeetingFactory(state=MeetingState.HELD, starts_at=timezone.now() - timedelta(days=1))
    for member in MemberFactory.create_batch(3, group=held.group):
        Attendance.objects.create(meeting=held, member=member, presence=Presence.CAME)
    found = overview(Scope(), timezone.now())
    assert found.tables["people"].lines[0].figures[0].value is None
    rows = opened(leader, reverse("overview:rows", args=["came"]))
    assert 'data-total="hidden"' in rows
    assert not re.search(r'impact-table__number">\s*3\s*<', rows)
    for url in [
        reverse("overview:rows-export", args=["came", "csv"]),
        reverse("overview:export", args=["people", "csv"]),
    ]:
        text = b"".join(leader.get(url).streaming_content).decode()
        assert "fewer than 5" in text
        assert ",3," not in text


def test_number_from_which_a_hidden_one_could_be_worked_out_is_hidden_too():
    for nation, number in [(Nation.WALES, 3), (Nation.ENGLAND, 9), (Nation.SCOTLAND, 20)]:
        held = MeetingFactory(
            group=GroupFactory(nation=nation), starts_at=timezone.now() - timedelta(days=1)
        )
        GuestCount.objects.create(meeting=held, perspective=Perspective.CARER, number=number)

    def guests(nation: str) -> int | None:
        found = overview(Scope(nation=nation), timezone.now())
        return values(found, "people")["Places taken at meetings by guests"]

    assert [guests(nation) for nation in ("", "wales", "england", "scotland")] == [
        32,
        None,
        None,
        20,
    ]


def test_row_that_would_give_a_hidden_one_away_is_hidden_beside_it(leader):
    group = GroupFactory()
    for number in (2, 8, 30):
        held = MeetingFactory(group=group, starts_at=timezone.now() - timedelta(days=number))
        GuestCount.objects.create(meeting=held, perspective=Perspective.CARER, number=number)
    rows = opened(leader, reverse("overview:rows", args=["guests"]))
    shown = re.findall(r'<td class="impact-table__number">([^<]+)</td>', rows)
    assert [text for text in shown if not text.startswith("fewer")] == ["30"]
    assert count_on(rows) == "40"


def test_wrong_choice_is_said_and_shows_the_whole(leader):
    ProjectFactory()
    html = opened(leader, f"{PAGE}?year=1066&nation=atlantis")
    assert "1 project, 0 under way" in " ".join(html.split())
    assert "Select a valid choice" in html


@pytest.mark.parametrize("table", ["model", "nation", "topic", "phase", "late", "people", "years"])
def test_each_table_goes_out_as_csv_and_excel(leader, table):
    make_programme()
    shown = overview(Scope(nation="england"), timezone.now()).tables[table]
    answer = leader.get(reverse("overview:export", args=[table, "csv"]) + "?nation=england")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines == [[str(cell) for cell in row] for row in [shown.header, *shown.rows]]
    answer = leader.get(reverse("overview:export", args=[table, "xlsx"]) + "?nation=england")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet] == [shown.header, *shown.rows]


def test_rows_go_out_as_csv_and_excel(leader):
    LearningFactory(text="=1+1")
    for kind in ("csv", "xlsx"):
        answer = leader.get(reverse("overview:rows-export", args=["helped", kind]))
        content = b"".join(answer.streaming_content)
        if kind == "csv":
            assert "'=1+1" in content.decode()
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            assert sheet["A2"].value == "=1+1"
            assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(
    "address",
    [
        reverse("overview:export", args=["model", "pdf"]),
        reverse("overview:export", args=["nothing", "csv"]),
        reverse("overview:rows", args=["nothing"]),
        reverse("overview:rows-export", args=["helped", "pdf"]),
        reverse("overview:rows-export", args=["surveys", "csv"]) + "?nation=wales",
    ],
)
def test_unknown_table_figure_or_kind_of_file_is_not_found(leader, address):
    assert leader.get(address).status_code == 404


def test_rows_of_what_is_not_held_say_so(leader):
    html = opened(leader, reverse("overview:rows", args=["surveys"]) + "?nation=wales")
    assert "does not hold this number" in html


@pytest.mark.parametrize("choice", ["", "?nation=wales&model=network"])
def test_page_costs_the_same_queries_however_much_there_is(leader, choice):
    leader.get(PAGE)
    make_programme(1)
    costs = []
    for more in (9, 40):
        make_programme(more)
        with CaptureQueriesContext(connection) as queries:
            leader.get(PAGE + choice)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 13


def test_rows_cost_the_same_queries_however_many_there_are(leader):
    urls = [reverse("overview:rows", args=[key]) for key, _kind in kinds.items()]
    leader.get(urls[0])
    costs = []
    for more in (1, 29):
        make_programme(more)
        cost = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                leader.get(url)
            cost.append(len(queries))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8


def test_every_kind_of_figure_is_on_the_page():
    assert {*LATE, *LEARNED, *PEOPLE, *YEARLY} == {key for key, _kind in kinds.items()}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (RoleKind.PROGRAMME_STAFF, 200),
        (RoleKind.NETWORKS_LEAD, 200),
        (RoleKind.LEADERSHIP, 200),
        (None, 403),
    ],
)
def test_staff_and_leaders_may_read_it(client, somebody, role, status):
    client.force_login(person_with(role) if role else somebody)
    pages = [
        PAGE,
        reverse("overview:export", args=["model", "csv"]),
        reverse("overview:rows", args=["helped"]),
        reverse("overview:rows-export", args=["helped", "csv"]),
    ]
    assert [client.get(page).status_code for page in pages] == [status] * 4
    assert (PAGE in client.get(reverse("home")).content.decode()) is (status == 200)
