"""Staff decide on a call, preview and release the letters; one partner accepts, another turns the
offer down; a reserve is called up; a project is made; the record is opened as PDF."""

import pypdf
import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from expressions.models import Expression, Letter
from impact_portal.management.commands.load_programme import DEMONSTRATION_PASSWORD
from notifications.models import Message
from projects.models import Project
from tests.expressions.assessing import assessor_of, scored
from tests.expressions.deciding import deciding_call
from tests.expressions.factories import QuestionFactory, SectionFactory, SubmittedFactory
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.journey

NAMES = {"first": "Carers of Conwy", "second": "Derry Day Centre", "third": "Leith Listens"}


@pytest.fixture
def call(portal):
    """Three expressions, scored, each with somebody who can sign in."""
    call = deciding_call(title="Host a project in spring", year=2026)
    question = QuestionFactory(
        section=SectionFactory(call=call, order=1, title="About you"), text="Why you?"
    )
    assessor = assessor_of(call)
    for points, (key, name) in zip((4, 3, 2), NAMES.items(), strict=True):
        organisation = OrganisationFactory(name=name)
        person = contact_of(organisation, email=f"{key}.partner@example.org")
        person.set_password(DEMONSTRATION_PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        one = SubmittedFactory(
            call=call,
            organisation=organisation,
            state="assessed",
            delivery_model="network",
            reference=f"EOI-2026-00{points}",
        )
        one.answers.create(question=question, value=f"{name} knows why.", saved_at=one.listed_at)
        scored(one, assessor, points, points)
    return call


def decide(page, look, name, outcome, feedback):
    page.get_by_role("link", name=name).click()
    look(page, f"decision-{outcome.split()[0].lower()}")
    page.get_by_label(outcome).check()
    page.get_by_label("Why?", exact=True).fill("The panel agreed.")
    page.get_by_label("Feedback to the organisation").fill(feedback)
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("The organisation is not told before the release.")).to_be_visible()


def word_the_offer(page, look):
    """A field that does not exist is refused; the preview has real values; then it is kept."""
    page.get_by_role("link", name="Letters and their wording").click()
    look(page, "letters")
    page.get_by_role("link", name="Offer of a place").click()
    letter = page.get_by_label("Letter", exact=True)
    words = letter.input_value()
    letter.fill(words + "\n\n{organization}")
    for part, value in (("Day", "30"), ("Month", "11"), ("Year", "2031")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("There is no field {organization}").first).to_be_visible()
    look(page, "letter-wrong")
    letter.fill(words)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("It is not kept yet.")).to_be_visible()
    expect(page.get_by_text("30 November 2031").first).to_be_visible()
    look(page, "letter-preview")
    page.get_by_role("button", name="Keep this wording").click()
    expect(page.get_by_text("The wording is kept.")).to_be_visible()


def release(page, portal, call, look):
    page.goto(portal.url(f"/staff/calls/{call.pk}/deciding/release/"))
    look(page, "release")
    page.get_by_role("button", name="Release all letters").press("Enter")
    expect(page.get_by_text("All letters are on their way.")).to_be_visible()


def answer(portal, page, key, choice, look):
    """By keyboard: from the home page to the letter, and the answer."""
    portal.sign_in(page, f"{key}.partner")
    page.goto(portal.url("/"))
    page.get_by_role("link", name="Answer our offer").click()
    look(page, f"letter-{key}")
    page.get_by_label(choice).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if "turn it down" in choice:
        # A place that is given away is asked about once more.
        look(page, "turn-down")
        page.get_by_role("button", name="Yes, turn it down").press("Enter")
    banner = page.locator(".govuk-notification-banner")
    expect(banner.get_by_text("Thank you")).to_be_visible()


@pytest.fixture
def pages(page, phone, new_person):
    """Those of who decides, of the one who accepts, on a phone, and of the one who does not."""
    return page, phone, new_person()


def test_decisions_are_made_released_answered_and_kept(portal, call, pages, look, tmp_path):
    page, phone, other = pages
    portal.sign_in(page, "programme.manager")
    page.goto(portal.url(f"/staff/calls/{call.pk}/deciding/"))
    look(page, "deciding-board")
    decide(page, look, NAMES["first"], "Offer a place", "A clear case.")
    decide(page, look, NAMES["second"], "Offer a place", "Strong on carers.")
    decide(page, look, NAMES["third"], "Keep in reserve", "Say more about money.")
    word_the_offer(page, look)
    portal.sign_in(phone, "first.partner")
    phone.goto(portal.url("/expressions/"))
    expect(phone.get_by_text("Sent in", exact=True)).to_be_visible()
    expect(phone.get_by_text("Read our letter")).to_have_count(0)
    release(page, portal, call, look)
    assert Letter.objects.filter(expression__call=call).count() == 3
    assert Message.objects.filter(kind="expressions.letter").count() == 3
    sent = portal.mail.wait_for("first.partner@example.org", "We would like to offer you a place")
    assert "A clear case." in sent.get_body(["plain"]).get_content()

    phone.context.clear_cookies()
    answer(portal, phone, "first", "Yes, we accept", look)
    answer(portal, other, "second", "No, we turn it down", look)

    page.goto(portal.url("/"))
    page.get_by_role("link", name="place is free: call up a reserve").click()
    look(page, "reserve")
    page.get_by_label(NAMES["third"]).check()
    page.get_by_label("Why this one?").fill("Next on the list.")
    page.get_by_role("button", name="Offer the place").click()
    expect(page.get_by_text("is offered the place")).to_be_visible()
    assert Expression.objects.get(organisation__name=NAMES["third"]).state == "offered"

    page.get_by_role("link", name="Make it a project").click()
    look(page, "make-project")
    page.get_by_role("button", name="Make the project").click()
    expect(page.get_by_role("heading", name="What they wrote when they applied")).to_be_visible()
    page.get_by_text("Show the answers").click()
    expect(page.get_by_text("Carers of Conwy knows why.")).to_be_visible()
    look(page, "project-carried")
    assert Project.objects.filter(host__name=NAMES["first"]).count() == 1
    open_record(page, portal, call, look, tmp_path)


def open_record(page, portal, call, look, tmp_path):
    page.goto(portal.url(f"/staff/calls/{call.pk}/deciding/"))
    look(page, "deciding-after")
    page.get_by_role("link", name="Record of decisions").click()
    page.get_by_role("button", name="Make the record").click()
    link = page.get_by_role("link", name="Download as PDF")
    expect(link).to_be_visible(timeout=40_000)
    look(page, "decision-record")
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "record.pdf")
    reader = pypdf.PdfReader(tmp_path / "record.pdf")
    words = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    for part in (*NAMES.values(), "The panel agreed.", "Say more about money."):
        assert part in words
