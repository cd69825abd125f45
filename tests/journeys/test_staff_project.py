"""A member of staff finds a project that needs help, works on it, and tells everybody."""

import pytest
from playwright.sync_api import expect

from core.transitions import transitions_of
from projects.models import Milestone, Project, Update

pytestmark = pytest.mark.journey

TITLE = "Neighbours who keep an eye out"


def find_by_filters(portal, page, look):
    """From the bar to the one demonstrator in England that is off track, with its address kept."""
    page.get_by_role("link", name="Projects", exact=True).first.click()
    look(page, "projects")
    panel = page.get_by_role("form", name="Filter this list")
    panel.get_by_label("Off track").check()
    panel.get_by_label("England", exact=True).check()
    panel.get_by_label("Demonstrator").check()
    panel.get_by_role("button", name="Show results").click()
    expect(page.get_by_role("row")).to_have_count(2)
    kept = page.url
    page.goto(portal.url("/staff/projects/"))
    page.goto(kept)
    expect(panel.get_by_label("Off track")).to_be_checked()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this list (CSV)").click()
    assert download.value.path().read_text("utf-8-sig").splitlines()[1].startswith(f"{TITLE},")
    page.get_by_role("link", name=TITLE).click()
    look(page, "project")


def change_status(page, look):
    """First without a reason, which is asked for and loses nothing; then with one."""
    page.get_by_role("button", name="Change the status").click()
    page.get_by_label("Start completing").check()
    page.get_by_role("button", name="Change the status").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Why: enter an answer")
    expect(page.get_by_label("Start completing")).to_be_checked()
    look(page, "project-status-error")
    summary.get_by_role("link").click()
    page.keyboard.type("The work is done in all sites.")
    page.get_by_role("button", name="Change the status").click()
    expect(page.get_by_role("alert")).to_contain_text("The status is now “Completing”.")


def say_how_it_goes(page, look):
    page.get_by_role("button", name="Say how it is going").click()
    look(page, "project-going")
    page.get_by_label("On track").check()
    page.get_by_label("Why?").fill("A new main site has joined.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A new main site has joined.")).to_be_visible()


def add_milestone(page, look):
    """By keyboard alone, from the first box to the button."""
    page.get_by_role("link", name="Add a milestone").click()
    look(page, "project-milestone")
    page.get_by_label("What is to be done").focus()
    page.keyboard.type("Share the report")
    page.keyboard.press("Tab")
    page.keyboard.type("Sustaining")
    for part in ["31", "3", "2031"]:
        page.keyboard.press("Tab")
        page.keyboard.type(part)
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    news = page.get_by_role("alert")
    expect(news).to_contain_text("The milestone is saved.")
    expect(news).to_be_in_viewport()  # The address names the part of the page with milestones.
    expect(news).to_be_focused()
    expect(page.get_by_text("Due 31 March 2031")).to_be_visible()
    page.get_by_role("button", name="Mark as done “Share the report”").click()
    expect(page.get_by_role("alert")).to_contain_text("“Share the report” is done today.")


def publish_update(page, look):
    """Write, look at it first, save the draft, publish."""
    page.get_by_role("link", name="Write an update").click()
    page.get_by_label("Title").fill("What the neighbours did")
    page.get_by_label("Text").fill("They **called** on each other.\n\n- every week\n- for a year")
    page.get_by_label("Everybody").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What the neighbours did")).to_be_visible()
    expect(page.locator("main strong", has_text="called")).to_be_visible()
    look(page, "project-update-preview")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody outside the team sees it")
    look(page, "project-update-draft")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Everybody can read it")


def test_staff_find_a_project_work_on_it_and_publish_an_update(portal, page, new_person, look):
    portal.sign_in(page, "programme.staff")
    find_by_filters(portal, page, look)
    change_status(page, look)
    say_how_it_goes(page, look)
    add_milestone(page, look)
    publish_update(page, look)
    page.get_by_role("link", name="See it on the public page").click()

    visitor = new_person(width=360)
    visitor.goto(portal.url("/projects/"))
    look(visitor, "public-projects")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.get_by_role("heading", name="What the neighbours did")).to_be_visible()
    expect(visitor.get_by_text("A new main site has joined.")).to_have_count(0)
    look(visitor, "public-project")

    project = Project.objects.get(title=TITLE)
    assert (project.state, project.rag) == ("completing", "green")
    assert transitions_of(project).last().reason == "The work is done in all sites."
    assert Milestone.objects.get(title="Share the report").done_on is not None
    assert Update.objects.get(title="What the neighbours did").is_for_everybody


def test_each_page_of_projects_can_be_read_by_everybody(portal, page, look):
    """axe at both widths on the pages that the path above does not pass."""
    portal.sign_in(page, "programme.staff")
    project = Project.objects.get(title="Strengths first at the front door")
    for name, path in {
        "project-closed": "",
        "project-edit": "edit/",
        "project-closed-status": "status/",
        "project-history": "history/",
        "project-update-form": "updates/add/",
        "project-learning": "learning/add/",
        "project-outcome": "outcomes/add/",
        "project-contribution": "contributions/add/",
    }.items():
        page.goto(portal.url(f"{project.get_absolute_url()}{path}"))
        look(page, name)
    for name, path in {
        "project-add": "add/",
        "projects-late": "late-milestones/",
        "projects-drafts": "drafts/",
        "projects-contributions": "contributions/",
        "projects-none": "?q=nowhere",
    }.items():
        page.goto(portal.url(f"/staff/projects/{path}"))
        look(page, name)
