"""A partner answers the open call, from first sight to the PDF copy; staff check it."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from expressions.models import Expression

pytestmark = pytest.mark.journey

CALL = "/calls/host-a-project-in-2023/"
NEWCOMER = "ann.volunteer@example.org"
WHO = "We are three volunteers in Fishguard. We visit people who live alone."


def register(portal, page):
    """Make an account from the call's page; the code comes by e-mail."""
    page.get_by_role("button", name="Make an account and start").first.click()
    page.get_by_label("Email").fill(NEWCOMER)
    page.get_by_label(re.compile("name you like to be called", re.I)).fill("Ann")
    page.get_by_label("Password", exact=True).fill("a-long-walk-by-the-sea")
    page.locator("main form button[type=submit]").last.click()
    mail = portal.mail.wait_for(NEWCOMER)
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.get_body().get_content(), re.M)
    page.locator("input[name=code]").fill(code[1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/start/")


def add_organisation(page, look):
    page.get_by_role("button", name="Add or join an organisation").click()
    look(page, "organisation-add")
    page.get_by_label("Name of the organisation or group").fill("Fishguard friends")
    page.get_by_label("Community organisation").check()
    page.get_by_label("Wales").check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/start/")


def save_section(page, finished=True):
    name = "Yes, I have finished it" if finished else "No, I’ll come back to it"
    page.get_by_label(name).check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()


def write_the_rest(page, look):
    page.get_by_label("Whom can we talk to about this?").fill("Ann, volunteer")
    first_time = page.get_by_role("group", name="Would this be your first project of this kind?")
    expect(page.get_by_label("What did you take part in before?")).to_be_hidden()
    first_time.get_by_label("No").check()
    expect(page.get_by_label("What did you take part in before?")).to_be_visible()
    first_time.get_by_label("Yes").check()
    save_section(page)
    page.get_by_role("link", name="Topic and kind of project").click()
    page.get_by_label("Carers’ health and well-being").check()
    page.get_by_label("Why does this topic matter where you are?").fill("Carers get ill unseen.")
    page.get_by_label("Network", exact=True).check()
    save_section(page)
    page.get_by_role("link", name="People and co-production").click()
    save_section_with_faults(page, look)
    page.get_by_label(re.compile("^How would people who draw on care")).fill("They chose it.")
    page.get_by_label("Unpaid carers").check()
    page.get_by_role("group", name="Would you like help").get_by_label("Yes").check()
    save_section(page)
    page.get_by_role("link", name="What you can give and what you need").click()
    page.get_by_label("How many days a month").fill("2")
    page.get_by_role("group", name="Is your service under real strain").get_by_label("No").check()
    save_section(page)
    page.get_by_role("link", name="Learning and sharing").click()
    page.get_by_label("What would be different").fill("A break that can be planned.")
    page.get_by_label("How would you share").fill("In the local paper.")
    save_section(page)


def save_section_with_faults(page, look):
    """Saying "finished" with nothing written names what is missing, and loses nothing."""
    page.get_by_label("Yes, I have finished it").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page, "expression-section-faults")


def send_in(page, look):
    page.get_by_role("link", name="Check your answers and send in").click()
    look(page, "expression-check")
    page.get_by_role("button", name="Go on to the declaration").click()
    look(page, "expression-declaration")
    page.get_by_label("Your full name").fill("Ann Volunteer")
    for promise in ("I may send this in", "As far as I know", "If we are chosen"):
        page.get_by_label(promise).check()
    page.get_by_role("button", name="Send in").click()
    page.wait_for_url("**/sent/")
    look(page, "expression-sent")
    return page.locator(".govuk-panel__body strong").inner_text()


def test_partner_writes_sends_in_and_keeps_a_copy_and_staff_check_it(
    portal, page, look, new_person
):
    page.goto(portal.url("/calls/"))
    look(page, "calls")
    page.goto(portal.url(CALL))
    look(page, "call")
    register(portal, page)
    look(page, "expression-start-first")
    add_organisation(page, look)
    look(page, "expression-start")
    page.get_by_role("button", name="Go to the questions").click()
    look(page, "expression-tasks")

    # Autosave, leave without pressing anything, and come back.
    page.get_by_role("link", name="About you").click()
    page.wait_for_load_state("load")  # the script that saves comes after the words
    page.get_by_label("Who are you, and whom do you work with?").fill(WHO)
    expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible(timeout=20_000)
    look(page, "expression-section")
    page.goto(portal.url("/expressions/"))
    look(page, "expressions-mine")
    page.get_by_role("link", name="Host an IMPACT project in 2023").first.click()
    page.get_by_role("link", name="About you").click()
    expect(page.get_by_label("Who are you, and whom do you work with?")).to_have_value(WHO)

    write_the_rest(page, look)
    reference = send_in(page, look)
    receipt = portal.mail.wait_for(NEWCOMER, reference)
    assert WHO in receipt.get_body(("plain",)).get_content()

    page.get_by_role("button", name="Make a PDF copy").click()
    link = page.get_by_role("link", name=re.compile("^Download as PDF"))
    expect(link).to_be_visible(timeout=30_000)
    look(page, "expression-copy")
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

    staff_checks(portal, new_person(), look, reference)


def staff_checks(portal, page, look, reference):
    """Staff find the newest arrival first, read it, and mark it as eligible."""
    portal.sign_in(page, "programme.staff")
    page.goto(portal.url("/staff/expressions/?state=submitted"))
    look(page, "staff-expressions")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(reference)
    row.get_by_role("link").click()
    expect(page.get_by_text(WHO)).to_be_visible()
    look(page, "staff-expression")
    page.get_by_role("button", name="Mark as eligible").click()
    expect(page.get_by_text(f"{reference} is marked as eligible.")).to_be_visible()
    assert Expression.objects.get(reference=reference).state == "eligible"


QUESTION = "How would people who draw on care and support and carers shape the project with you?"


def open_section(portal, page, key, draft):
    portal.sign_in(page, key)
    page.goto(portal.url(f"/expressions/{draft.pk}/3/"))
    return page.get_by_label(QUESTION)


@pytest.fixture
def draft(portal):
    """The example draft of the partner contact, with a colleague who writes in it too."""
    found = Expression.objects.get(
        organisation__contacts__person__email__startswith="partner.", call__state="open"
    )
    colleague = User.objects.get(email="assembly.member@example.org")
    found.organisation.contacts.create(person=colleague)
    colleague.roles.create(kind="partner_contact", scope=found.organisation)
    return found


def test_two_writers_at_once_see_both_texts_and_lose_neither(portal, page, new_person, look, draft):
    mine = open_section(portal, page, "partner.contact", draft)
    other = new_person()
    theirs = open_section(portal, other, "assembly.member", draft)
    mine.fill("Our members decide.")
    expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible(timeout=20_000)
    theirs.fill("We ask everybody.")
    shown = other.locator("[data-impact-conflict]:has-text('Our members decide.')")
    expect(shown).to_be_visible(timeout=20_000)
    expect(theirs).to_have_value("We ask everybody.")
    look(other, "expression-conflict")
    theirs.fill("Our members decide, and we ask everybody.")
    other.get_by_role("button", name="Save my answer").click()
    expect(other.get_by_text(re.compile("^Saved at"))).to_be_visible(timeout=20_000)
    page.reload()
    expect(mine).to_have_value("Our members decide, and we ask everybody.")


def test_everything_works_without_scripts_and_by_keyboard(portal, new_person, draft):
    page = new_person(width=360, java_script_enabled=False)
    box = open_section(portal, page, "partner.contact", draft)
    box.focus()
    page.keyboard.type("Written without a script.")
    page.get_by_role("button", name="Save and go on").press("Enter")
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    page.get_by_role("link", name="People and co-production").press("Enter")
    expect(page.get_by_label(QUESTION)).to_have_value("Written without a script.")
