"""Path: members read the charter, write a change together, take positions; the facilitator
adopts it; a new version appears and can be compared, word by word."""

import pytest

from coproduction.models import Charter, ClauseText, Draft, Proposal

pytestmark = pytest.mark.journey

NOW = "Here we collect practical tips for communicating with each other."
ADAS = "Here we collect practical, friendly tips for communicating with each other."
BENS = "Here we collect practical tips for communicating with each other and with staff."
BOTH = "Here we collect practical, friendly tips for communicating with each other and with staff."


def words(page):
    return page.get_by_label("Words of the clause")


def press(page, name):
    page.get_by_role("button", name=name).click()


def begin_draft(portal, page, look):
    """Member 1 reads the charter, suggests a change and lets the others help."""
    portal.sign_in(page, "advisory.member")
    page.goto(portal.url("/charter/"))
    look(page, "charter")
    clause = page.get_by_role("article", name="Communicating")
    clause.get_by_role("link", name="Suggest a change").click()
    look(page, "charter-suggest")
    words(page).fill(ADAS)
    page.get_by_text("Draft saved at").wait_for()
    page.get_by_label("Why do you suggest this?").fill("It should be a pleasure to read.")
    press(page, "Save and look at it")
    look(page, "charter-draft")
    press(page, "Let other members help")


def write_at_once(portal, page, other, look):
    """Both open the draft; both save; the second sees both texts and joins them."""
    draft = Draft.objects.get()
    portal.sign_in(other, "advisory.member.2")
    for one in (page, other):
        one.goto(portal.url(f"/charter/drafts/{draft.pk}/edit/"))
    page.get_by_label("Heading").fill("Communicating well")
    press(page, "Save and look at it")
    page.get_by_role("heading", name="What would change").wait_for()
    words(other).fill(f"{ADAS[:-1]} and with staff.")
    other.get_by_text("Your words are kept beside theirs.").wait_for()
    other.get_by_role("link", name="See both texts").click()
    look(other, "charter-both-texts")
    assert words(other).input_value() == BOTH
    assert other.get_by_label("Heading").input_value() == "Communicating well"
    press(other, "Save what I chose")
    draft.refresh_from_db()
    assert (draft.new_heading, draft.new_text) == ("Communicating well", BOTH)


def take_positions(portal, new_person, look):
    proposal = Proposal.objects.get(new_heading="Communicating well")
    for number in ("", ".2", ".3", ".4", ".5", ".6"):
        member = new_person()
        portal.sign_in(member, f"advisory.member{number}")
        member.goto(portal.url(f"/charter/proposals/{proposal.pk}/"))
        if number == ".6":
            member.get_by_label("I can live with it").check()
            member.get_by_label("Why?").fill("For the facilitator.")
            member.get_by_label("Show my reason to the facilitator only").check()
        else:
            member.get_by_label("I agree").check()
        press(member, "Save my position")
        member.get_by_text("Your position is saved.").wait_for()
    look(member, "charter-proposal")
    return proposal


def adopt(portal, facilitator, proposal, look):
    portal.sign_in(facilitator, "engagement.lead")
    facilitator.goto(portal.url(f"/charter/proposals/{proposal.pk}/decide/"))
    assert facilitator.get_by_text("For the facilitator.").is_visible()
    look(facilitator, "charter-decide")
    facilitator.get_by_label("Adopt it as it is").check()
    facilitator.get_by_label("Tell the group what was decided and why").fill("We all agree.")
    press(facilitator, "Close it and tell the members")
    facilitator.get_by_text("This is the new version").wait_for()


def test_members_change_the_charter_together(portal, page, new_person, look):
    begin_draft(portal, page, look)
    other = new_person()
    write_at_once(portal, page, other, look)
    page.goto(portal.url(Draft.objects.get().get_absolute_url()))
    press(page, "Put it to the group")
    page.get_by_text("Every member has been asked").wait_for()
    portal.sweep()
    assert "Communicating" in portal.mail.wait_for(to="advisory.member.3@example.org")["Subject"]
    proposal = take_positions(portal, new_person, look)
    adopt(portal, new_person(), proposal, look)
    charter = Charter.objects.get()
    page.goto(portal.url(f"/charter/{charter.pk}/compare/"))
    look(page, "charter-compare")
    assert page.get_by_role("link", name="Changed: Communicating well").is_visible()
    assert "friendly" in page.locator("ins").all_inner_texts().__str__()
    assert charter.versions.count() == 2
    assert ClauseText.objects.filter(text=NOW).count() == 1


def test_member_takes_a_position_by_keyboard_without_javascript(portal, new_person):
    page = new_person(java_script_enabled=False)
    portal.sign_in(page, "advisory.member")
    proposal = Proposal.objects.get()
    page.goto(portal.url(proposal.get_absolute_url()))
    page.get_by_label("I agree").focus()
    page.keyboard.press("Space")
    page.get_by_label("Why?").focus()
    page.keyboard.type("A break helps.")
    page.get_by_role("button", name="Save my position").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your position is saved.").wait_for()
    assert proposal.positions.get(member__person__email="advisory.member@example.org").reason
