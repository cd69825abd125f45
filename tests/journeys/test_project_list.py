"""Staff make the list of projects theirs by keyboard: a view, columns, a change of several."""

from playwright.sync_api import expect

from projects.models import Project, SavedView


def press(page, locator, key="Enter"):
    """Go to ``locator`` and press ``key`` on it, as somebody without a mouse does."""
    locator.focus()
    locator.press(key)


def test_staff_keep_a_view_and_change_several_projects_by_keyboard(portal, page, look):
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url("/staff/projects/"))
    look(page, "projects-list")
    press(page, page.get_by_label("Ask IMPACT guide"), "Space")
    press(page, page.get_by_role("button", name="Show results"))
    expect(
        page.get_by_role("link", name="Take away : Delivery model Ask IMPACT guide")
    ).to_be_visible()
    number = len(page.locator("tbody tr").all())

    press(page, page.locator("summary", has_text="Choose columns and order"))
    press(page, page.get_by_label("Tags"), "Space")
    press(page, page.get_by_label("By title"), "Space")
    press(page, page.get_by_role("button", name="Show the list like this"))
    expect(page.get_by_role("columnheader", name="Tags")).to_be_visible()
    look(page, "projects-list-columns")

    press(page, page.get_by_role("link", name="Keep this as a view"))
    page.get_by_label("Name of the view").fill("Guides with tags")
    look(page, "projects-view-form")
    press(page, page.get_by_role("button", name="Keep this view"))
    expect(page.get_by_role("link", name="Guides with tags")).to_have_attribute(
        "aria-current", "page"
    )
    columns = "&".join(f"columns={name}" for name in ["state", "rag", "where", "lead", "tags"])
    assert SavedView.objects.get().query == f"model=guide&{columns}&order=title"

    press(page, page.get_by_role("link", name="Change several projects at once"))
    look(page, "projects-list-pick")
    boxes = page.locator("input[name=pick]")
    assert boxes.count() == number
    for place in range(2):
        press(page, boxes.nth(place), "Space")
    press(page, page.get_by_role("button", name="Change the ticked ones"))
    press(page, page.get_by_role("button", name="See what would change"))
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page, "projects-several")
    press(page, page.get_by_label("Add a tag"), "Space")
    page.get_by_label("Tag", exact=False).last.fill("read first")
    press(page, page.get_by_role("button", name="See what would change"))
    expect(
        page.get_by_text("2 projects would change. Nothing has been changed yet.")
    ).to_be_visible()
    assert not Project.objects.filter(tags__name="read first").exists()
    look(page, "projects-several-preview")
    press(page, page.get_by_role("button", name="Change them"))
    expect(page.get_by_text("2 projects are changed.")).to_be_visible()
    assert Project.objects.filter(tags__name="read first").count() == 2

    page.goto(portal.url("/staff/projects/views/"))
    look(page, "projects-views")
    press(page, page.get_by_role("link", name="Remove : Guides with tags"))
    look(page, "projects-view-remove")
    press(page, page.get_by_role("button", name="Remove"))
    expect(page.get_by_text("No views yet")).to_be_visible()
