"""Staff keep the work of a project: a risk, a day that moved, a theory of change, a picture."""

import pytest
from playwright.sync_api import expect

from projects.models import MilestoneSlip, Project, Risk, TheoryLink, UpdateImage
from tests.projects.factories import picture_bytes
from tests.support.keyboard import choose, follow, press, press_until, write

pytestmark = pytest.mark.journey

TITLE = "Neighbours who keep an eye out"


def add_risk(page, look):
    page.get_by_role("link", name="Add a risk").first.click()
    page.get_by_label("What may go wrong?").fill("The main site may close.")
    page.get_by_role("group", name="How likely is it?").get_by_label("3 –").check()
    page.get_by_role("group", name="How bad would it be?").get_by_label("5 –").check()
    page.get_by_label("What do we do about it?").fill("We look for a second site.")
    look(page, "project-risk-form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="The main site may close.")).to_be_visible()
    look(page, "project-risks")


def move_milestone(page, project, portal, look):
    milestone = project.milestones.filter(done_on=None, due_on__isnull=False).last()
    page.goto(portal.url(f"{project.get_absolute_url()}milestones/{milestone.pk}/edit/"))
    page.get_by_role("group", name="When is it due?").get_by_label("Year").fill("2033")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is due later")
    look(page, "project-milestone-moved-without-reason")
    page.get_by_label("If the day has moved: why?").fill("The host was flooded.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="See the timeline").click()
    expect(page.get_by_role("cell", name="The host was flooded.")).to_be_visible()
    look(page, "project-timeline")


def build_theory_by_keyboard(page, project, portal, look):
    page.goto(portal.url(f"{project.get_absolute_url()}theory/"))
    look(page, "project-theory")
    follow(page, "Add one : What changes")
    write(page, "In a few words", "Neighbours know whom to call")
    press(page, "Save")
    follow(page, "Say what it leads to : Neighbours know whom to call")
    choose(page, "People live the lives they choose for longer (Long-term goal)")
    look(page, "project-theory-links")
    press(page, "Save")
    press_until(page, page.get_by_role("button", name="Move up : Neighbours know whom to call"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is moved up")


def publish_with_picture(page, project, portal, look):
    """The words for the picture are missing at first: it is kept, and nothing is published."""
    page.goto(portal.url(f"{project.get_absolute_url()}updates/add/"))
    page.get_by_label("Title").fill("A second site")
    page.get_by_label("Text").fill("We have found one.")
    page.get_by_label("Everybody").check()
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Add a picture").click()
    look(page, "project-picture-form")
    file = {"name": "site.png", "mimeType": "image/png", "buffer": picture_bytes(size=(900, 600))}
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_role("button", name="Add the picture").click()
    look(page, "project-picture-words")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what each picture shows.")
    page.get_by_role("link", name="Say what the picture shows").click()
    page.get_by_label("What does the picture show?").fill("A hall with a wide door.")
    page.get_by_role("button", name="Save").click()
    look(page, "project-update-with-picture")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Everybody can read it")


def test_staff_keep_the_work_of_a_project_and_show_a_picture(portal, page, new_person, look):
    portal.sign_in(page, "programme.staff")
    project = Project.objects.get(title=TITLE)
    page.goto(portal.url(project.get_absolute_url()))
    look(page, "project-work")
    add_risk(page, look)
    move_milestone(page, project, portal, look)
    build_theory_by_keyboard(page, project, portal, look)
    publish_with_picture(page, project, portal, look)
    for name in ["files", "files/add", "people", "people/add"]:
        page.goto(portal.url(f"{project.get_absolute_url()}{name}/"))
        look(page, f"project-{name.replace('/', '-')}")

    visitor = new_person(width=360)
    visitor.goto(portal.url(project.public_url))
    expect(visitor.get_by_role("img", name="A hall with a wide door.")).to_be_visible()
    look(visitor, "public-project-picture")

    assert Risk.objects.filter(project=project, level=15).count() >= 1
    assert MilestoneSlip.objects.filter(reason="The host was flooded.").count() == 1
    assert TheoryLink.objects.filter(source__text="Neighbours know whom to call").count() == 1
    assert UpdateImage.objects.get().alternative == "A hall with a wide door."
