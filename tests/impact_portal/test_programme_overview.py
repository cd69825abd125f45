"""The programme overview: its figures, its PDF and its Excel file."""

from datetime import date, timedelta

import openpyxl
import pypdf
import pytest

from accounts.enums import RoleKind
from core.enums import Nation
from impact_portal.reports import charts, sheets
from projects.enums import DeliveryModel, ProjectState, Rag
from projects.models import Project
from reports.building import build_waiting
from reports.models import ReportRun
from reports.services import ask_for_report
from tests.accounts.factories import person_with
from tests.projects.factories import MilestoneFactory, ProjectFactory, TopicFactory
from tests.reports.test_pdf import structure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def programme():
    """Three projects: two in Wales, one of them late and in England too, one closed."""
    topic = TopicFactory(title="Carers’ well-being")
    late = ProjectFactory(
        title="Ŵyl <b>",
        model=DeliveryModel.DEMONSTRATOR,
        nations=[Nation.WALES, Nation.ENGLAND],
        state=ProjectState.LIVE,
        rag=Rag.AMBER,
        ends_on=date(2022, 7, 20),
        is_example=True,
    )
    late.topics.add(topic)
    ProjectFactory(title="Bwrdd", model=DeliveryModel.NETWORK, nations=[Nation.WALES])
    ProjectFactory(
        title="Closed",
        model=DeliveryModel.NETWORK,
        nations=[Nation.SCOTLAND],
        state=ProjectState.CLOSED,
        ends_on=date(2022, 1, 1),
    )


def made(person, now, **parameters) -> ReportRun:
    run = ask_for_report(kind="programme_overview", parameters=parameters, by=person, now=now)
    build_waiting(now=now)
    run.refresh_from_db()
    assert run.state == "ready", run.problem
    return run


def counts(figures, part) -> dict[str, int]:
    return {entry["label"]: entry["count"] for entry in figures[part] if entry["count"]}


def test_figures_count_projects_by_model_nation_state_and_topic(programme, staff, now):
    figures = made(staff, now).figures
    assert (figures["total"], figures["under_way"], figures["on"]) == (3, 1, "26 July 2022")
    assert counts(figures, "by_model") == {"Network": 2, "Demonstrator": 1}
    assert counts(figures, "by_nation") == {"England": 1, "Scotland": 1, "Wales": 2}
    assert counts(figures, "by_state") == {"Proposed": 1, "Live": 1, "Closed": 1}
    assert counts(figures, "by_rag") == {"Needs watching": 1}
    assert figures["by_topic"] == [{"label": "Carers’ well-being", "count": 1}]
    assert figures["late"] == [{"title": "Ŵyl <b>", "ends_on": "2022-07-20", "days": 6}]


def test_milestones_past_their_day_are_listed_the_latest_first(programme, staff, now):
    live = Project.objects.get(state="live")
    for title, days, done_on in [("Week", 7, None), ("Day", 1, None), ("Done", 9, now.date())]:
        due_on = now.date() - timedelta(days=days)
        MilestoneFactory(project=live, title=title, due_on=due_on, done_on=done_on)
    late = made(staff, now).figures["late_milestones"]
    assert [(entry["title"], entry["days"]) for entry in late] == [("Week", 7), ("Day", 1)]


def test_choices_narrow_the_report_to_a_nation_and_a_model(programme, staff, now):
    wales = made(staff, now, nation="wales", model="").figures
    assert sorted(line["title"] for line in wales["projects"]) == ["Bwrdd", "Ŵyl <b>"]
    network = made(staff, now, nation="wales", model="network").figures
    assert [line["title"] for line in network["projects"]] == ["Bwrdd"]
    assert network["about"] == "Wales, Network"


def test_pdf_is_accessible_and_says_what_the_figures_say(programme, staff, now):
    pdf = made(staff, now).files.get(kind="pdf")
    reader = pypdf.PdfReader(pdf.file.path)
    text = "".join(page.extract_text() for page in reader.pages)
    assert reader.metadata.title == "Programme overview"
    assert reader.trailer["/Root"]["/Lang"] == "en-gb"
    assert "1 of 3 projects are under way" in text
    assert "Ŵyl <b> (example data)" in text
    tags = structure(pdf.file.path)
    assert tags.count("H1") == 1
    assert tags.count("Figure") == 3
    assert tags.count("Caption") == 6


def test_excel_file_has_a_sheet_for_the_projects_and_one_for_each_count(programme, staff, now):
    book = openpyxl.load_workbook(made(staff, now).files.get(kind="xlsx").file.path)
    assert book.sheetnames == [
        "Projects",
        "By delivery model",
        "By nation",
        "By status",
        "By topic",
        "Past their last day",
        "Late milestones",
    ]
    assert [cell.value for cell in book["By nation"][4]] == ["Wales", 2, 3]
    assert book["Projects"].max_row == 4


def test_days_in_the_excel_file_can_be_sorted_and_example_data_is_marked(now):
    line = dict.fromkeys(("title", "model", "nations", "state", "rag", "host"), "")
    line |= {"starts_on": "2022-07-01", "ends_on": None, "is_example": True}
    counts = {part: [] for part in ("by_model", "by_nation", "by_state", "by_topic")}
    late = [{"title": "Late", "ends_on": "2022-07-02", "days": 1}]
    milestone = [{"title": "Share", "project": "Late", "due_on": "2022-07-03", "days": 2}]
    figures = {"total": 1, "projects": [line], "late": late, "late_milestones": milestone, **counts}
    rows = {name: list(rows) for name, _header, rows in sheets(figures)}
    assert rows["Projects"][0][-3:] == [date(2022, 7, 1), None, "Yes"]
    assert rows["Past their last day"] == [["Late", date(2022, 7, 2), 1]]
    assert rows["Late milestones"] == [["Share", "Late", date(2022, 7, 3), 2]]


def test_overview_of_nothing_is_made_and_says_so(staff, now):
    run = made(staff, now)
    text = pypdf.PdfReader(run.files.get(kind="pdf").file.path).pages[0].extract_text()
    assert "There are no projects in this part of the programme." in text
    assert charts(run.figures) == {}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (RoleKind.PROGRAMME_STAFF, True),
        (RoleKind.NETWORKS_LEAD, True),
        (RoleKind.LEADERSHIP, True),
        (None, False),
    ],
)
def test_those_who_see_the_programme_may_make_it(role, may, somebody):
    person = person_with(role) if role else somebody
    assert person.has_perm("reports.make_programme_overview") is may
