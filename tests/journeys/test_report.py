"""Staff ask for the programme overview, watch it being made, and take it home."""

from pathlib import Path

import openpyxl
import pypdf
import pytest
from playwright.sync_api import expect

from accounts.models import User
from reports.models import ReportRun
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.journey


def downloaded(page, name: str, target: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(target)
    return target


def test_staff_ask_for_the_overview_watch_it_and_open_its_files(portal, page, look, tmp_path):
    ProjectFactory(title="Carers’ breaks in Powys")
    portal.sign_in(page, "programme.staff")
    page.get_by_role("link", name="Reports", exact=True).click()
    look(page, "reports")
    page.get_by_role("link", name="Programme overview").click()
    look(page, "report-ask")
    page.get_by_label("Nation").select_option(label="Wales")
    page.get_by_role("button", name="Make this report").press("Enter")
    # Nobody reloads the page: it shows by itself how far the worker is.
    expect(
        page.get_by_role("progressbar").or_(page.get_by_text("Your report is ready."))
    ).not_to_have_count(0)
    expect(page.get_by_role("link", name="Download as PDF")).to_be_visible(timeout=40_000)
    expect(page.get_by_role("status")).to_have_text("Your report is ready.")
    look(page, "report-ready")
    reader = pypdf.PdfReader(downloaded(page, "Download as PDF", tmp_path / "a.pdf"))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert reader.metadata.title == "Programme overview"
    assert "Wales, all delivery models." in text
    assert "Carers’ breaks in Powys" in text
    book = openpyxl.load_workbook(downloaded(page, "Download as Excel", tmp_path / "a.xlsx"))
    titles = [cell.value for cell in book["Projects"]["A"]]
    assert "Carers’ breaks in Powys" in titles
    page.get_by_role("link", name="All your reports").click()
    expect(page.get_by_role("row", name="Programme overview")).to_contain_text("Ready")
    look(page, "reports-after")
    message = portal.mail.wait_for("programme.staff@example.org", "Your report is ready")
    assert "/reports/" in message.get_body(["plain"]).get_content()


def test_run_page_without_scripts_shows_how_far_it_is_by_a_link(portal, new_person, look):
    page = new_person(java_script_enabled=False)
    portal.sign_in(page, "leadership")
    page.goto(portal.url("/staff/reports/new/programme_overview/"))
    page.get_by_role("button", name="Make this report").click()
    for _ in range(60):
        if page.get_by_role("link", name="Download as PDF").count():
            break
        reload = page.get_by_role("link", name="Show how far it is now")
        if reload.count():
            reload.click()
        page.wait_for_timeout(300)
    expect(page.get_by_role("link", name="Download as PDF")).to_be_visible()


def test_somebody_else_does_not_find_the_report(portal, new_person):
    run = ReportRun.objects.create(
        kind="programme_overview",
        requested_by=User.objects.get(email="programme.staff@example.org"),
    )
    page = new_person()
    portal.sign_in(page, "network.member")
    assert page.goto(portal.url(f"/reports/{run.pk}/")).status == 404
    assert page.goto(portal.url("/staff/reports/")).status == 403
