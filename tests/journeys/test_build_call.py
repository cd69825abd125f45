"""Staff build next year's call from this year's, and correct the open one; the drafter is told."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from expressions.models import Call

pytestmark = pytest.mark.journey

OPEN_CALL = "host-a-project-in-2023"
DRAFTER = "partner.contact@example.org"


def copy_the_call(portal, page, look):
    """From the list of expressions to the copy, which says what it lacks."""
    page.goto(portal.url("/staff/expressions/"))
    page.get_by_role("link", name="Calls", exact=True).click()
    look(page, "calls-staff")
    page.locator("main").get_by_role("link", name="Host an IMPACT project").first.click()
    look(page, "call-staff")
    page.get_by_role("button", name="Copy this call").click()
    expect(page.get_by_role("alert")).to_contain_text("This is the copy.")
    look(page, "call-copied")


def set_dates(page, look):
    page.get_by_role("link", name="Say when the call opens and closes.").click()
    look(page, "call-dates")
    for label, day in (("Opens", 0), ("Closes", 60)):
        moment = timezone.localdate() + timedelta(days=day)
        group = page.get_by_role("group", name=label)
        group.get_by_label("Day").fill(str(moment.day))
        group.get_by_label("Month").fill(str(moment.month))
        group.get_by_label("Year").fill(str(moment.year))
        group.get_by_label("Time").fill("12:30am")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The dates are saved.")


def change_a_question(page, look):
    page.get_by_role("link", name="Sections and questions").click()
    look(page, "call-form")
    page.get_by_role("link", name="Change “How many days a month").click()
    look(page, "call-question")
    page.get_by_label("Question", exact=True).fill("How many days a week could you give?")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The question is saved.")


def add_a_conditional_question(page, look):
    """Asked after a no, with Welsh, and moved up by its button; by keyboard where it types."""
    page.get_by_role("link", name="Add a question to “About you”").click()
    look(page, "call-question-kind")
    page.get_by_label("Short text").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Question", exact=True).fill("Who led it?")
    page.get_by_label("Question in Welsh").fill("Pwy oedd yn arwain?")
    page.get_by_label("No, it can be left empty").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The question is added.")
    page.get_by_role("link", name="When is it asked? “Who led it?”").click()
    page.get_by_label("Only after some answers to").select_option(
        label="Would this be your first project of this kind?"
    )
    page.get_by_role("button", name="Show its answers").click()
    page.get_by_role("group", name="It is asked after").get_by_label("No").check()
    look(page, "call-condition")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Asked only after “No” to “Would this be").last).to_be_visible()
    page.get_by_role("button", name="Move up “Who led it?”").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It is moved.")


def preview_and_open(page, look):
    page.get_by_role("link", name="Preview as an applicant").click()
    expect(page.get_by_label("Who led it?")).to_be_visible()
    look(page, "call-preview")
    page.get_by_role("button", name="Check the answers").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page, "call-preview-checked")
    page.get_by_role("link", name="Back to sections and questions").click()
    page.locator(".govuk-breadcrumbs a").last.click()
    page.get_by_role("button", name="Open the call").click()
    look(page, "call-open")
    page.get_by_role("button", name="Open the call").click()
    expect(page.get_by_role("alert")).to_contain_text("The call is published.")
    look(page, "call-opened")


def change_the_open_call(portal, page, look):
    page.goto(portal.url(f"/staff/calls/{OPEN_CALL}/"))
    page.get_by_role("link", name="Change texts or questions").click()
    page.get_by_role("link", name="Change “How many days a month").click()
    page.get_by_label(re.compile(r"^\s*Help\s+\(optional\)")).fill("Half days count too.")
    page.get_by_role("button", name="Save").click()
    look(page, "call-form-change")
    page.get_by_role("button", name="Look at the change and publish it").click()
    page.get_by_label("Why does the call change?").fill("Many of you asked about half days.")
    look(page, "call-publish")
    page.get_by_role("button", name="Publish the change now").click()
    expect(page.get_by_role("alert")).to_contain_text("All who write are told.")
    look(page, "call-version")


def test_staff_build_a_call_from_last_years_and_the_drafter_of_the_open_one_hears_of_a_change(
    portal, page, new_person, look
):
    portal.sign_in(page, "programme.staff")
    copy_the_call(portal, page, look)
    set_dates(page, look)
    change_a_question(page, look)
    add_a_conditional_question(page, look)
    preview_and_open(page, look)
    change_the_open_call(portal, page, look)

    portal.sweep()
    mail = portal.mail.wait_for(DRAFTER, "Changed:")
    assert "Many of you asked about half days." in mail.get_body().get_content()
    writer = new_person(width=360)
    portal.sign_in(writer, "partner.contact")
    writer.goto(portal.url("/expressions/"))
    writer.get_by_role("link", name="Host an IMPACT project").first.click()
    expect(writer.get_by_role("heading", name="This call changed since")).to_be_visible()
    look(writer, "call-changed-writer")
    writer.get_by_role("button", name="I have read what changed").click()
    expect(writer.get_by_role("heading", name="This call changed since")).to_have_count(0)

    visitor = new_person()
    made = Call.objects.latest("id")
    visitor.goto(portal.url(made.get_absolute_url()))
    look(visitor, "call-public-new")
    visitor.get_by_role("button", name="Cymraeg").click()
    visitor.locator("summary").first.click()
    expect(visitor.get_by_text("Pwy oedd yn arwain?")).to_be_visible()
    look(visitor, "call-public-welsh")


def test_each_page_of_building_can_be_read_by_everybody(portal, page, look):
    """axe at both widths on the pages that the path above does not pass."""
    portal.sign_in(page, "programme.manager")
    base = f"/staff/calls/{OPEN_CALL}/"
    call = Call.objects.get(slug=OPEN_CALL)
    call.criteria.create(order=1, title="Need", help="Who waits?", weight=2)
    call.criteria.create(order=2, title="Reach", weight=1)
    call.targets.create(dimension="nation", value="wales", least=1, most=2)
    section = call.sections.first()
    question = section.questions.first()
    criterion = call.criteria.first()
    for name, path in {
        "call-add": "/staff/calls/add/",
        "call-import": "/staff/calls/import/",
        "call-closing": f"{base}closing/",
        "call-texts": f"{base}form/texts/",
        "call-section": f"{base}form/sections/section-{section.pk}/",
        "call-question-choice": f"{base}form/sections/section-{section.pk}/questions/choice/",
        "call-question-remove": f"{base}form/questions/{question.key}/remove/",
        "call-judging": f"{base}judging/",
        "call-criterion": f"{base}judging/criteria/{criterion.pk}/",
        "call-target": f"{base}judging/mix/add/",
        "call-open-already": f"{base}open/",
    }.items():
        page.goto(portal.url(path))
        look(page, name)
    Call.objects.filter(pk=call.pk).update(is_sealed=True)
    sent = call.expressions.filter(state="submitted").first()
    page.goto(portal.url(f"/staff/expressions/{sent.pk}/"))
    look(page, "expression-sealed")
    page.get_by_role("link", name="Open the seal of this one").click()
    look(page, "open-seal")
    page.get_by_label("Why do you need to read it now?").fill("A complaint.")
    page.get_by_role("button", name="Open the seal").click()
    expect(page.get_by_text("Seal opened before the call closed")).to_be_visible()
