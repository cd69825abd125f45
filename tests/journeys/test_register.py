"""A member of staff finds an organisation, brings in a file, merges two, notes getting in touch."""

import re

import pytest
from playwright.sync_api import expect

from partners.models import Organisation, OutreachContact

pytestmark = pytest.mark.journey

FAULTY = """Name,Kind,Nation,Place,GB-CHC
Gower Carers,Led by carers,Wales,Swansea,1123456
Kitchen Table,Guild,Wales,Newport,
"""
MENDED = FAULTY.replace("Guild", "Community organisation") + (
    "The Gower Carers Ltd,Charity,England,Swansea,\n"
)


def find(page, look):
    """By words, then by number; nothing there yet."""
    page.get_by_role("link", name="Organisations", exact=True).first.click()
    look(page, "register")
    panel = page.get_by_role("form", name="Filter this list")
    panel.get_by_label("Name, place or number").fill("gower")
    panel.get_by_role("button", name="Show results").click()
    expect(page.get_by_role("heading", name="No organisation fits")).to_be_visible()


def check(page, content):
    page.get_by_label("CSV file").set_input_files(
        {"name": "groups.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Check the file").click()


def bring_in(portal, page, look):
    """The check finds a fault; the mended file is saved by the worker."""
    page.goto(portal.url("/staff/organisations/"))
    page.get_by_role("button", name="Bring in a file").click()
    look(page, "imports")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("alert")).to_contain_text("CSV file: choose a file")
    check(page, FAULTY)
    expect(page.get_by_text("Kind: This is none of the choices")).to_be_visible()
    look(page, "import-checked")
    page.get_by_role("button", name="Put this file away").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing of it was saved")
    check(page, MENDED)
    expect(page.get_by_role("link", name="New", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save these organisations").click()
    expect(page.get_by_text("Of 3 rows, 3 are new organisations")).to_be_visible(timeout=15_000)
    look(page, "import-saved")


def merge_two(page, look):
    """From the list of those that are alike to one that stands, with its number."""
    page.get_by_role("link", name="Go to the register").click()
    page.get_by_role("link", name="Who may stand here twice").click()
    look(page, "duplicates")
    page.get_by_role("link", name=re.compile("Look at it beside the first")).click()
    look(page, "merge")
    page.get_by_role("group", name="Name").get_by_label("The Gower Carers Ltd").check()
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_role("alert").first).to_contain_text("I understand")
    page.get_by_label("I understand that this cannot be undone").check()
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_role("heading", name="The Gower Carers Ltd")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="GB-CHC-1123456").first).to_be_visible()


def note_outreach(page, look):
    """Without a result first, which is asked for and loses nothing; then once more for good."""
    page.get_by_role("button", name="Note getting in touch").click()
    page.get_by_label("What was it about?").fill("The open call")
    page.get_by_label("Telephone").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("What came of it")
    look(page, "outreach-form")
    expect(page.get_by_label("Telephone")).to_be_checked()
    page.get_by_label("Interested").check()
    again = page.get_by_role("group", name="When do we get in touch again?")
    for label, value in (("Day", "1"), ("Month", "3"), ("Year", "2031")):
        again.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("It is in the outreach log.")
    look(page, "organisation-with-log")


def test_staff_bring_in_a_file_merge_two_and_note_getting_in_touch(portal, page, look):
    portal.sign_in(page, "programme.staff")
    find(page, look)
    bring_in(portal, page, look)
    merge_two(page, look)
    note_outreach(page, look)
    page.get_by_role("link", name="Who changed what").click()
    expect(page.get_by_text(re.compile("Merged “The Gower Carers Ltd”"))).to_be_visible()
    look(page, "organisation-history")
    page.goto(portal.url("/staff/outreach/"))
    expect(page.get_by_role("link", name="The Gower Carers Ltd")).to_be_visible()
    look(page, "outreach")

    kept = Organisation.objects.get(name="The Gower Carers Ltd")
    gone = Organisation.with_merged.get(merged_into=kept)
    assert kept.identifiers.count() == 1
    assert OutreachContact.objects.get(organisation=kept).about == "The open call"
    page.goto(portal.url(gone.get_absolute_url()))
    expect(page).to_have_url(portal.url(kept.get_absolute_url()))


def test_small_pages_of_the_register_can_be_read_by_everybody(portal, page, look):
    portal.sign_in(page, "programme.staff")
    entry = OutreachContact.objects.order_by("pk").first()
    there = entry.organisation
    for name, path in {
        "organisation-number": f"/organisations/{there.pk}/numbers/add/",
        "merge-choose": f"/staff/organisations/{there.pk}/merge/",
        "outreach-remove": f"/staff/outreach/{entry.pk}/remove/",
    }.items():
        page.goto(portal.url(path))
        look(page, name)
