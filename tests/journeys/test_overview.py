"""Path: the leadership team reads the programme on one page, opens what is behind a number, narrows
the page to a nation by keyboard, and takes a table home."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.enums import Nation
from projects.enums import ProjectState
from tests.projects.factories import LearningFactory, MilestoneFactory, ProjectFactory
from tests.support.keyboard import follow, press

pytestmark = pytest.mark.journey


@pytest.fixture
def late_in_wales(portal):
    project = ProjectFactory(
        title="Carers’ breaks in Gwynedd", nations=[Nation.WALES], state=ProjectState.LIVE
    )
    MilestoneFactory(
        project=project, title="Ask carers first", due_on=timezone.localdate() - timedelta(days=9)
    )
    LearningFactory(project=project, text="A bus timetable mattered more than the leaflet.")


def test_leaders_read_the_overview_open_a_number_and_take_a_table_home(
    portal, page, look, tmp_path, late_in_wales
):
    portal.sign_in(page, "leadership")
    follow(page, "Overview")
    expect(page.get_by_role("heading", name="Programme overview", level=1)).to_be_visible()
    expect(page.get_by_role("img", name="Projects in each nation")).to_be_visible()
    look(page, "overview")
    page.get_by_role("combobox", name="Nation").select_option(label="Wales")
    press(page, "Show results")
    expect(page.get_by_role("combobox", name="Nation")).to_have_value("wales")
    late = page.locator("[data-table=late]").get_by_role("row", name="Late milestones")
    number = int(late.get_by_role("link").get_attribute("data-figure"))
    assert number >= 1
    look(page, "overview-wales")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV : What is late").click()
    download.value.save_as(tmp_path / "late.csv")
    lines = list(csv.reader((tmp_path / "late.csv").read_text("utf-8-sig").splitlines()))
    assert lines[1][:2] == ["Late milestones", str(number)]
    late.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Late milestones", level=1)).to_be_visible()
    expect(page.get_by_text(f"{number} result")).to_be_visible()
    look(page, "overview-rows")
    page.get_by_role("link", name="Ask carers first").click()
    expect(page.get_by_role("heading", name="Carers’ breaks in Gwynedd")).to_be_visible()


def test_overview_reads_without_scripts_on_a_phone(portal, new_person, look, late_in_wales):
    page = new_person(width=320, java_script_enabled=False)
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url("/programme/overview/?nation=wales"))
    expect(page.get_by_text("A bus timetable mattered more")).to_be_visible()
    page.goto(portal.url("/programme/overview/rows/came/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
