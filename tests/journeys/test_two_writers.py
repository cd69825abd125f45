"""Two people write one expression at once; the line fails, a session ends, a file is uploaded."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from expressions.models import Answer, AnswerFile, Call, EarlierAnswer, Expression, Question
from partners.models import Organisation
from tests.expressions.hostile import pdf

pytestmark = pytest.mark.journey

PASSWORD = "having-a-life-2022"
SHAPE = "How would people who draw on care and support and carers shape the project with you?"
SAVED = re.compile("^Saved at")
SOON = 20_000


@pytest.fixture
def draft(portal):
    """The example draft of the partner contact, with a colleague who writes in it too."""
    found = Expression.objects.get(
        organisation__contacts__person__email__startswith="partner.", call__state="open"
    )
    speak_for(found.organisation)
    return found


def speak_for(organisation):
    colleague = User.objects.get(email="assembly.member@example.org")
    organisation.contacts.create(person=colleague)
    colleague.roles.create(kind="partner_contact", scope=organisation)
    return colleague


def open_section(portal, page, key, draft, order=3):
    portal.sign_in(page, key)
    page.goto(portal.url(f"/expressions/{draft.pk}/{order}/"))
    expect(page.get_by_text("Your answers are saved as you type.")).to_be_visible()
    return page.get_by_label(SHAPE)


def saved(page):
    expect(page.get_by_text(SAVED)).to_be_visible(timeout=SOON)


def answer(draft):
    return Answer.objects.get(expression=draft, question__key="co-production").value


def kept_in(page):
    return page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('impact-answer:'))")


def test_two_write_at_once_and_keep_both_by_keyboard(portal, page, new_person, look, draft):
    mine = open_section(portal, page, "partner.contact", draft)
    other = new_person()
    theirs = open_section(portal, other, "assembly.member", draft)
    expect(other.locator("[data-impact-presence]")).to_contain_text("is writing in this section")
    mine.fill("Our members decide.")
    saved(page)
    theirs.fill("We ask everybody.")
    shown = other.locator("[data-impact-conflict]:has-text('Our members decide.')")
    expect(shown).to_be_visible(timeout=SOON)
    look(other, "two-writers-conflict")
    both = other.get_by_role("button", name="Keep both")
    both.focus()
    other.keyboard.press("Enter")
    saved(other)
    expect(theirs).to_have_value("Our members decide.\n\nWe ask everybody.")
    expect(theirs).to_be_focused()
    page.reload()
    expect(mine).to_have_value("Our members decide.\n\nWe ask everybody.")
    page.goto(portal.url(f"/expressions/{draft.pk}/earlier/"))
    expect(page.get_by_text("Our members decide.", exact=True)).to_be_visible()
    expect(page.get_by_text("We ask everybody.", exact=True)).to_be_visible()
    look(page, "earlier-texts")
    assert EarlierAnswer.objects.filter(expression=draft).count() == 2
    page.goto(portal.url(f"/expressions/{draft.pk}/"))
    look(page, "two-writers-tasks")


def test_line_that_fails_for_a_while_loses_nothing(portal, page, look, draft):
    box = open_section(portal, page, "partner.contact", draft)
    page.context.set_offline(True)
    box.fill("Typed on the train.")
    expect(page.get_by_text("Not saved yet – we will try again")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("We cannot reach the portal.")).to_be_visible()
    look(page, "offline")
    page.get_by_role("button", name="Save and go on").click()
    expect(box).to_have_value("Typed on the train.")
    assert len(kept_in(page)) == 1
    page.context.set_offline(False)
    saved(page)
    assert answer(draft) == "Typed on the train."
    assert kept_in(page) == []

    # The tab is closed while the line is down: what was typed comes back with the page.
    page.context.set_offline(True)
    box.fill("Typed in the tunnel.")
    expect(page.get_by_text("We cannot reach the portal.")).to_be_visible(timeout=SOON)
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(portal.url(f"/expressions/{draft.pk}/"))
    expect(again.get_by_text("You typed words in other sections")).to_be_visible()
    again.get_by_role("link", name="Section 3").click()
    expect(again.get_by_text("We put back what you had typed")).to_be_visible()
    saved(again)
    assert answer(draft) == "Typed in the tunnel."

    # Signing out leaves nothing of it in the browser.
    again.context.set_offline(True)
    again.get_by_label(SHAPE).fill("Not for the next person here.")
    expect(again.get_by_text("We cannot reach the portal.")).to_be_visible(timeout=SOON)
    again.context.set_offline(False)
    again.evaluate("localStorage.setItem('impact-answer:9:9:9', '{}')")
    again.goto(portal.url("/account/logout/"))
    again.locator("main").get_by_role("button", name="Sign out").click()
    again.wait_for_url(lambda url: "logout" not in url)
    assert kept_in(again) == []


def test_words_typed_before_the_script_has_come_are_saved(portal, page, draft):
    held = []
    page.route("**/js/answers.js", lambda route: held.append(route))  # noqa: PLW0108
    portal.sign_in(page, "partner.contact")
    page.goto(portal.url(f"/expressions/{draft.pk}/3/"), wait_until="commit")
    page.get_by_label(SHAPE).fill("Typed while the line was slow.")
    held[0].continue_()
    saved(page)
    assert answer(draft) == "Typed while the line was slow."


def sign_in_again(page):
    page.get_by_label("Email").first.fill("partner.contact@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_session_that_ends_loses_nothing(portal, page, look, draft):
    box = open_section(portal, page, "partner.contact", draft)
    page.context.clear_cookies()
    box.fill("Typed after the session had ended.")
    link = page.get_by_role("link", name=re.compile("^Sign in again"))
    expect(link).to_be_visible(timeout=SOON)
    look(page, "signed-out")
    with page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    sign_in_again(tab)
    expect(tab.get_by_role("heading", name="You are signed in again")).to_be_visible()
    look(tab, "signed-in-again")
    tab.close()
    saved(page)
    assert answer(draft) == "Typed after the session had ended."
    expect(box).to_have_value("Typed after the session had ended.")


def test_session_that_ends_loses_nothing_without_a_script(portal, new_person, look, draft):
    page = new_person(width=360, java_script_enabled=False)
    portal.sign_in(page, "partner.contact")
    page.goto(portal.url(f"/expressions/{draft.pk}/3/"))
    page.get_by_label(SHAPE).fill("Typed without a script.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save and go on").last.click()
    expect(page.get_by_text("what you typed comes back")).to_be_visible()
    assert "Typed" not in page.url
    sign_in_again(page)
    expect(page.get_by_text("We put back what you had typed.")).to_be_visible()
    expect(page.get_by_label(SHAPE)).to_have_value("Typed without a script.")
    page.get_by_role("button", name="Save and go on").last.click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    assert answer(draft) == "Typed without a script."


def ask_for_a_plan(draft):
    section = draft.call.sections.get(order=3)
    return Question.objects.create(
        section=section, key="plan", order=90, kind="file", text="Your plan", is_required=False
    )


def test_file_is_uploaded_and_both_see_what_was_sent_in(portal, new_person, look, draft, tmp_path):
    page = new_person()
    ask_for_a_plan(draft)
    plan, page_of_html = tmp_path / "plan.pdf", tmp_path / "page.pdf"
    plan.write_bytes(pdf())
    page_of_html.write_text("<html><script>alert(1)</script></html>")
    box = open_section(portal, page, "partner.contact", draft)
    box.fill("Typed just before the upload.")
    page.get_by_label(re.compile("^Your plan")).set_input_files(page_of_html)
    page.get_by_role("button", name="Upload this file").click()
    expect(page.get_by_role("alert").get_by_text("This is not a PDF file inside")).to_be_visible()
    look(page, "file-refused")
    page.get_by_label(re.compile("^Your plan")).set_input_files(plan)
    page.get_by_role("button", name="Upload this file").click()
    expect(page.get_by_role("button", name="Take away plan.pdf")).to_be_visible()
    expect(box).to_have_value("Typed just before the upload.")
    look(page, "file-uploaded")
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.pdf").click()
    assert download.value.path().read_bytes() == pdf()
    assert AnswerFile.objects.get().name == "plan.pdf"
    send_in_with_the_rest(page, portal, draft)

    other = new_person()
    portal.sign_in(other, "assembly.member")
    other.goto(portal.url(f"/expressions/{draft.pk}/check/"))
    expect(other.get_by_role("link", name="plan.pdf")).to_be_visible()
    expect(other.get_by_text("Typed just before the upload.")).to_be_visible()
    look(other, "file-checked")
    other.goto(portal.url(f"/expressions/{draft.pk}/"))
    expect(other.get_by_text("Your reference is EOI-")).to_be_visible()


def send_in_with_the_rest(page, portal, draft):
    """What else is needed, written by the back door; then the declaration."""
    now, writer = timezone.now(), draft.started_by
    draft.organisation.expressions.update(delivery_model="network")
    for question in Question.objects.filter(section__call=draft.call).exclude(kind="file"):
        value = {"yes_no": "no", "number": "2"}.get(question.kind, "Words.")
        if question.choices:
            value = question.choices[0]["value"]
            value = [value] if question.kind == "choices" else value
        Answer.objects.get_or_create(
            expression=draft,
            question=question,
            defaults={"value": value, "saved_by": writer, "saved_at": now},
        )
    page.goto(portal.url(f"/expressions/{draft.pk}/send/"))
    page.get_by_label("Your full name").fill("Ann Volunteer")
    for promise in ("I may send this in", "As far as I know", "If we are chosen"):
        page.get_by_label(promise).check()
    page.get_by_role("button", name="Send in").click()
    page.wait_for_url("**/sent/")


# --- The whole path by keyboard -------------------------------------------------------------

FOCUSED = """() => {
  const one = document.activeElement;
  const group = one.name ? [...document.querySelectorAll(`[name="${one.name}"]`)] : [];
  return {
    kind: one.type || one.tagName.toLowerCase(), name: one.name || "", id: one.id,
    text: (one.innerText || "").trim(), value: one.value || "",
    chosen: group.some((other) => other.checked), number: one.inputMode === "numeric",
    shown: getComputedStyle(one).outlineStyle !== "none" || one.tagName === "BODY"
      || getComputedStyle(one).boxShadow !== "none",
  };
}"""


def tab(page):
    page.keyboard.press("Tab")
    return page.evaluate(FOCUSED)


def tab_to(page, text):
    """Tab until the focus is on a link or button that begins with ``text``, then Enter."""
    for _step in range(80):
        if tab(page)["text"].startswith(text):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{text} is not reached by keyboard on {page.url}")


def write_page(page, button):
    """Tab through a form: type into each empty box, choose with Space, go on with Enter."""
    for _step in range(120):
        one = tab(page)
        if one["name"] == "finished" and one["id"] == "finished-no":
            page.keyboard.press("ArrowUp")
        elif one["kind"] in {"radio", "checkbox"} and not one["chosen"]:
            page.keyboard.press("Space")
        elif one["kind"] in {"text", "textarea"} and not one["value"]:
            page.keyboard.type("2" if one["number"] else "In our words.")
        elif one["kind"] == "submit" and one["text"] == button:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{button} is not reached by keyboard on {page.url}")


def test_whole_path_from_the_call_to_the_receipt_by_keyboard(portal, page):
    organisation = Organisation.objects.create(name="Tenby tea room", kind="community")
    speak_for(organisation)
    call = Call.objects.get(state="open")
    portal.sign_in(page, "assembly.member")
    page.goto(portal.url(f"/calls/{call.slug}/"))
    tab_to(page, "Start or go on")
    page.wait_for_url("**/start/")
    write_page(page, "Go to the questions")
    page.wait_for_url(re.compile(r"/expressions/\d+/$"))
    for section in call.sections.order_by("order"):
        tab_to(page, section.title)
        expect(page.get_by_text("Your answers are saved as you type.")).to_be_visible()
        write_page(page, "Save and go on")
        page.wait_for_url(re.compile(r"/expressions/\d+/$"))
    tab_to(page, "Check your answers and send in")
    page.wait_for_url("**/check/")
    tab_to(page, "Go on to the declaration")
    page.wait_for_url("**/send/")
    write_page(page, "Send in")
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", name="We have your expression of interest")).to_be_visible()
