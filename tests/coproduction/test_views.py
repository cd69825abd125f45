"""The charter's pages: who may open them, and the whole path by plain forms."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from coproduction import services
from coproduction.enums import Outcome, Stance
from coproduction.models import Agreement, Comment, Draft, Position, Proposal
from core.models import AuditEntry
from tests.accounts.factories import person_with
from tests.coproduction.factories import draft_by, member_of, proposal_by, wording


def at(name, *args):
    return reverse(f"coproduction:{name}", args=args)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def proposal(charter, members):
    today = timezone.localdate()
    return proposal_by(members[0], charter, closes_on=today + timedelta(days=5))


@pytest.fixture
def readable(charter, proposal):
    """Every page that somebody who may read the charter may open."""
    clause, version = proposal.clause_id, charter.versions.get().pk
    return [
        at("charter", charter.pk),
        at("compare", charter.pk),
        at("agreements", charter.pk),
        at("agreements_csv", charter.pk),
        at("proposals", charter.pk),
        at("proposals_csv", charter.pk),
        at("version", version),
        at("clause", clause),
        at("proposal", proposal.pk),
    ]


@pytest.fixture
def for_members(charter, proposal):
    clause = proposal.clause_id
    kinds = ("change", "move", "remove")
    return [
        at("suggest", charter.pk),
        *(at("suggest_at_clause", clause, kind) for kind in kinds),
    ]


def answers(client, addresses):
    return {client.get(address).status_code for address in addresses}


def test_members_open_every_page_of_their_charter(members, readable, for_members):
    assert answers(browser(members[1]), readable + for_members) == {200}


@pytest.mark.parametrize(
    "kind", [RoleKind.PROGRAMME_STAFF, RoleKind.LEADERSHIP, RoleKind.ENGAGEMENT_LEAD]
)
def test_staff_leadership_and_facilitator_read_but_do_not_suggest(kind, readable, for_members):
    client = browser(person_with(kind))
    assert answers(client, readable) == {200}
    assert answers(client, for_members) == {403}


def test_members_of_another_group_find_nothing(stranger, readable, for_members):
    assert answers(browser(stranger), readable + for_members) == {404}


def test_people_without_a_role_find_nothing_and_may_not_open_the_index(
    somebody, readable, for_members
):
    client = browser(somebody)
    assert answers(client, readable + for_members) == {404}
    assert client.get(at("index")).status_code == 403


def test_visitors_are_sent_to_sign_in(readable, client):
    assert answers(client, readable) == {302}


def test_index_leads_straight_to_the_only_charter(members, charter):
    response = browser(members[0]).get(at("index"))
    assert (response.status_code, response.url) == (302, charter.get_absolute_url())


def test_index_lists_several_charters_and_says_when_there_is_none(staff, charter, stranger):
    page = browser(staff).get(at("index")).content.decode()
    assert "Our charter" in page and "Their charter" in page
    type(charter).objects.all().delete()
    assert "No charter yet" in browser(staff).get(at("index")).content.decode()


def test_charter_page_says_who_agrees_in_words_and_numbers(members, charter):
    topics = wording(charter, "Topics").pk
    for person in members[:2]:
        services.agree(charter=charter, wordings=[topics], by=person, now=timezone.now())
    page = browser(members[2]).get(charter.get_absolute_url()).content.decode()
    assert "2 of 3 members agree: Ada, Ben." in page
    assert "Nobody has agreed yet, of 3 members." in page


def test_agreeing_with_everything_is_asked_after_the_last_clause(members, charter):
    page = browser(members[0]).get(at("charter", charter.pk)).content.decode()
    last_clause = page.rindex('aria-labelledby="part-')
    assert page.index("that I have not agreed with yet") > last_clause


def test_agreeing_and_taking_back_leave_a_trace(members, charter):
    client, topics = browser(members[0]), wording(charter, "Topics").pk
    for _twice in range(2):
        client.post(at("agree", charter.pk), {"wording": topics})
    assert Agreement.objects.filter(taken_back_at=None).count() == 1
    for _twice in range(2):
        client.post(at("take_back", charter.pk), {"wording": topics})
    assert Agreement.objects.get().taken_back_at is not None


def test_agreeing_with_words_of_another_charter_does_nothing(members, charter, stranger):
    other = wording(type(charter).objects.exclude(pk=charter.pk).get(), "Topics").pk
    browser(members[0]).post(at("agree", charter.pk), {"wording": other})
    browser(members[0]).post(at("agree", charter.pk), {"wording": "x"})
    assert Agreement.objects.count() == 0


def test_agreeing_is_refused_to_the_facilitator(facilitator, charter):
    topics = wording(charter, "Topics").pk
    response = browser(facilitator).post(at("agree", charter.pk), {"wording": topics})
    assert response.status_code == 403


def written(page=None, seen=0, **fields):
    return {
        "new_kind": "known",
        "new_heading": "Meetings",
        "new_text": "Four meetings.",
        "reason": "Three are too few.",
        "seen": seen,
        "page": page or uuid4(),
        **fields,
    }


def test_member_writes_looks_and_sends(members, charter):
    client, clause = browser(members[0]), wording(charter, "Three meetings").clause_id
    response = client.post(at("suggest_at_clause", clause, "change"), written())
    draft = Draft.objects.get()
    assert response.url == draft.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert "<ins>" in page and "<del>" in page and "Put it to the group" in page
    sent = client.post(at("send_draft", draft.pk), {"seen": 1})
    assert sent.url == Proposal.objects.get().get_absolute_url()
    assert client.get(draft.get_absolute_url()).url == sent.url


def test_form_with_missing_words_says_so_and_keeps_what_was_typed(members, charter):
    clause = wording(charter, "Three meetings").clause_id
    response = browser(members[0]).post(
        at("suggest_at_clause", clause, "change"), written(reason="", new_text="Kept words")
    )
    page = response.content.decode()
    assert "Why do you suggest this: enter an answer" in page and "Kept words" in page
    assert Draft.objects.count() == 0


def test_unfinished_draft_can_be_saved_for_later_but_not_sent(members, charter):
    client = browser(members[0])
    response = client.post(at("suggest", charter.pk), written(reason="", later="1"))
    assert response.url == at("proposals", charter.pk)
    draft = Draft.objects.get()
    assert "Something is missing" in client.get(draft.get_absolute_url()).content.decode()
    client.post(at("send_draft", draft.pk), {"seen": 1})
    assert Proposal.objects.count() == 0


def test_new_clause_behind_one_of_another_part_is_refused(members, charter):
    topics = wording(charter, "Topics").clause_id
    response = browser(members[0]).post(at("suggest", charter.pk), written(after=topics))
    assert "another part of the charter" in response.content.decode()


def test_typing_is_saved_by_itself_and_again_to_the_same_draft(members, charter):
    client, page = browser(members[0]), uuid4()
    address = at("suggest", charter.pk)
    first = client.post(address, written(page, 0, new_text="F"), headers={"HX-Request": "true"})
    assert 'value="1" id="id_seen" hx-swap-oob="true"' in " ".join(first.content.decode().split())
    client.post(address, written(page, 1, new_text="Five"), headers={"HX-Request": "true"})
    draft = Draft.objects.get()
    assert (draft.version, draft.new_text) == (2, "Five")


def test_automatic_saving_says_what_cannot_be_saved(members, charter):
    answer = browser(members[0]).post(
        at("suggest", charter.pk), written(new_text="a\0b"), headers={"HX-Request": "true"}
    )
    assert "Not saved yet" in answer.content.decode()


def test_second_writer_sees_both_texts_and_joins_them(members, charter):
    draft = draft_by(members[0], charter, is_shared=True)
    ada, ben = browser(members[0]), browser(members[1])
    address = at("edit_draft", draft.pk)
    start = {"new_heading": draft.new_heading}
    ada.post(
        address, written(seen=1, new_text="We need to have 4 short meetings this year.", **start)
    )
    answer = ben.post(
        address, written(seen=1, new_text="We need to have 4 meetings each year.", **start)
    )
    page = ben.get(answer.url).content.decode()
    assert "Two people wrote at once" in page and "Ada saved this draft" in page
    assert "We need to have 4 short meetings each year." in page
    joined = "We need to have 4 short meetings each year."
    ben.post(answer.url, written(seen=2, choice="both", new_text=joined, **start))
    draft.refresh_from_db()
    assert (draft.version, draft.new_text) == (3, joined)


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Ben’s."), ("theirs", "Ada’s.")])
def test_second_writer_chooses_one_text(choice, kept, members, charter):
    draft = draft_by(members[0], charter, is_shared=True)
    address = at("edit_draft", draft.pk)
    browser(members[0]).post(address, written(seen=1, new_text="Ada’s."))
    ben = browser(members[1])
    answer = ben.post(address, written(seen=1, new_text="Ben’s."))
    ben.post(answer.url, {"choice": choice, "seen": 2, "page": uuid4()})
    draft.refresh_from_db()
    assert draft.new_text == kept
    assert draft.revisions.filter(outcome=Outcome.BESIDE).count() == 0


def test_draft_is_for_its_writer_until_it_is_shared(members, charter, facilitator, staff):
    draft = draft_by(members[0], charter)
    others = [members[1], facilitator, staff]
    pages = [draft.get_absolute_url(), at("edit_draft", draft.pk)]
    assert [answers(browser(person), pages) for person in others] == [{404}, {404}, {404}]
    browser(members[0]).post(at("share_draft", draft.pk), {"shared": "on"})
    assert [answers(browser(person), pages) for person in others] == [{200}, {404}, {404}]


@pytest.mark.parametrize("deed", ["send_draft", "share_draft", "put_away", "take_out"])
def test_helper_writes_but_does_not_decide_about_a_shared_draft(deed, members, charter):
    draft = draft_by(members[0], charter, is_shared=True)
    assert browser(members[1]).post(at(deed, draft.pk), {"seen": 1}).status_code == 403


def test_draft_can_be_put_away_and_taken_out_by_buttons(members, charter):
    draft, client = draft_by(members[0], charter), browser(members[0])
    client.post(at("put_away", draft.pk))
    assert "This draft is put away" in client.get(draft.get_absolute_url()).content.decode()
    assert client.get(at("edit_draft", draft.pk)).status_code == 302
    client.post(at("take_out", draft.pk))
    assert "Put it to the group" in client.get(draft.get_absolute_url()).content.decode()


def test_position_is_taken_by_radio_buttons(proposal, members):
    client = browser(members[1])
    client.post(at("position", proposal.pk), {"stance": "agree", "reason": "Good."})
    assert Position.objects.get().stance == Stance.AGREE
    assert "You said “I agree”" in client.get(proposal.get_absolute_url()).content.decode()


def test_position_against_needs_a_reason(proposal, members):
    response = browser(members[1]).post(at("position", proposal.pk), {"stance": "cannot"})
    page = response.content.decode()
    assert "Say why you cannot agree" in page and "<title>Error:" in " ".join(page.split())
    assert Position.objects.count() == 0


def test_private_reason_is_read_by_its_writer_and_the_facilitator_alone(
    proposal, members, facilitator, staff
):
    words = {"stance": "talk", "reason": "I am worried.", "is_private": "on"}
    browser(members[1]).post(at("position", proposal.pk), words)
    readers = [members[1], facilitator, members[0], staff]
    pages = [browser(person).get(proposal.get_absolute_url()) for person in readers]
    assert ["I am worried." in page.content.decode() for page in pages] == [
        True,
        True,
        False,
        False,
    ]
    told = AuditEntry.objects.filter(object_id=str(Position.objects.get().pk))
    assert not any("worried" in f"{entry.changes}{entry.note}" for entry in told)


@pytest.mark.parametrize("name", ["position", "comment"])
def test_staff_take_no_position_and_do_not_comment(name, proposal, staff):
    assert browser(staff).post(at(name, proposal.pk), {"stance": "agree"}).status_code == 403


def test_comment_is_said_once_however_often_the_button_is_pressed(proposal, members, facilitator):
    said = {"comment-text": "Shall we talk?", "comment-once_key": uuid4()}
    for _twice in range(2):
        browser(facilitator).post(at("comment", proposal.pk), said)
    assert Comment.objects.get().text == "Shall we talk?"
    empty = browser(members[0]).post(at("comment", proposal.pk), {"comment-once_key": uuid4()})
    assert "Your comment: enter an answer" in empty.content.decode()


def test_withdrawing_asks_why_and_tells_it(proposal, members):
    client = browser(members[0])
    assert client.get(at("withdraw", proposal.pk)).status_code == 200
    assert "enter an answer" in client.post(at("withdraw", proposal.pk), {}).content.decode()
    client.post(at("withdraw", proposal.pk), {"reason": "I found better words."})
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "I found better words." in page
    assert browser(members[1]).get(at("withdraw", proposal.pk)).status_code == 403


def everyone_agrees(proposal, members):
    for person in members:
        services.take_position(
            proposal=proposal,
            stance="agree",
            reason="",
            is_private=False,
            by=person,
            now=timezone.now(),
        )


def test_decision_page_offers_adoption_only_when_the_rule_is_met(proposal, members, facilitator):
    client = browser(facilitator)
    before = client.get(at("decide", proposal.pk)).content.decode()
    everyone_agrees(proposal, members)
    after = client.get(at("decide", proposal.pk)).content.decode()
    assert ['value="adopt"' in page for page in (before, after)] == [False, True]
    assert "The group’s rule is not met." in before


def test_facilitator_adopts_and_lands_on_the_new_version(proposal, charter, members, facilitator):
    everyone_agrees(proposal, members)
    decided = {"decision": "adopt", "fate": "All agree.", "seen": 1}
    response = browser(facilitator).post(at("decide", proposal.pk), decided, follow=True)
    page = response.content.decode()
    assert "Version 2" in page and "New in this version" in page and "Adopted." in page
    compared = browser(members[0]).get(at("compare", charter.pk)).content.decode()
    assert "1 clause is different" in compared and "Changed: Three meetings" in compared
    assert "The suggestion behind Version 2" in compared
    assert "The suggestion behind Version 1" not in compared


def test_decision_with_an_older_version_seen_is_shown_again_with_what_was_typed(
    proposal, charter, members, facilitator
):
    other = proposal_by(members[1], charter, "Topics", new_text="Housing.")
    for one in (proposal, other):
        everyone_agrees(one, members)
    client = browser(facilitator)
    decided = {"decision": "adopt", "fate": "All agree.", "seen": 1}
    client.post(at("decide", other.pk), decided)
    again = client.post(at("decide", proposal.pk), decided).content.decode()
    assert "got a new version while you were reading" in again and "All agree." in again
    assert 'name="seen" value="2"' in again
    client.post(at("decide", proposal.pk), {**decided, "seen": 2})
    proposal.refresh_from_db()
    assert proposal.state == "adopted"


def test_second_proposal_on_a_clause_shows_three_texts_and_joined_words(
    proposal, charter, members, facilitator
):
    second = proposal_by(
        members[1], charter, new_text="We need to have 3 short meetings this year."
    )
    for one in (proposal, second):
        everyone_agrees(one, members)
    client = browser(facilitator)
    client.post(at("decide", proposal.pk), {"decision": "adopt", "fate": "Yes.", "seen": 1})
    page = client.get(at("decide", second.pk)).content.decode()
    for words in (
        "This is based on an older version: version 1",
        "The words it began from",
        "The words now",
        "The words proposed",
        "We need to have 4 short meetings this year.",
    ):
        assert words in page
    assert 'value="adopt"' not in page


def test_deciding_is_for_the_facilitator(proposal, members, staff):
    for person in (members[0], staff):
        assert browser(person).get(at("decide", proposal.pk)).status_code == 403


def test_facilitator_writes_down_the_rule_and_nobody_else(charter, members, facilitator):
    rule = {"closing_rule": "consensus", "quorum_percent": 60, "open_days": 21}
    assert browser(members[0]).post(at("rule", charter.pk), rule).status_code == 403
    client = browser(facilitator)
    assert client.get(at("rule", charter.pk)).status_code == 200
    wrong = client.post(at("rule", charter.pk), {**rule, "quorum_percent": 101})
    assert wrong.status_code == 200
    client.post(at("rule", charter.pk), rule)
    charter.refresh_from_db()
    assert (charter.closing_rule, charter.quorum_percent, charter.open_days) == (
        "consensus",
        60,
        21,
    )


def test_unknown_kind_of_suggestion_is_not_found(members, proposal):
    client = browser(members[0])
    assert client.get(at("suggest_at_clause", proposal.clause_id, "add")).status_code == 404
    assert client.get(at("suggest_at_clause", proposal.clause_id, "burn")).status_code == 404


def test_draft_on_words_that_changed_is_shown_and_can_begin_from_the_words_now(
    proposal, charter, members, facilitator
):
    draft = draft_by(members[1], charter)
    everyone_agrees(proposal, members)
    browser(facilitator).post(
        at("decide", proposal.pk), {"decision": "adopt", "fate": "Yes.", "seen": 1}
    )
    client = browser(members[1])
    assert "based on an older version" in client.get(draft.get_absolute_url()).content.decode()
    client.post(at("begin_from_now", draft.pk))
    assert "based on an older version" not in client.get(draft.get_absolute_url()).content.decode()


def test_list_of_proposals_is_filtered_and_exported_as_filtered(proposal, charter, members):
    proposal_by(
        members[1],
        charter,
        "Topics",
        state="set_aside",
        decided_at=proposal.opened_at,
        fate="Later.",
    )
    client = browser(members[0])
    page = client.get(at("proposals", charter.pk), {"state": "set_aside"}).content.decode()
    assert "1 result" in page and "Later." in page
    table = client.get(at("proposals_csv", charter.pk), {"state": "set_aside"}).getvalue().decode()
    assert len(table.strip().splitlines()) == 2


def test_matrix_says_how_many_of_how_many_agree(charter, members):
    topics = wording(charter, "Topics").pk
    services.agree(charter=charter, wordings=[topics], by=members[0], now=timezone.now())
    page = browser(members[0]).get(at("agreements", charter.pk)).content.decode()
    assert page.count("1 of 3") == 1 and page.count("0 of 3") == 3


def test_matrix_exports_one_row_a_clause_and_harmless_names(charter, members):
    member_of(charter, preferred_name="=1+1")
    lines = (
        browser(members[0]).get(at("agreements_csv", charter.pk)).getvalue().decode().splitlines()
    )
    assert len(lines) == 5 and "'=1+1" in lines[0]


@pytest.mark.parametrize(("name", "most"), [("charter", 15), ("proposals", 8), ("agreements", 8)])
def test_pages_ask_the_same_number_of_questions_for_1_and_for_30_rows(name, most, charter, members):
    client = browser(members[0])
    proposal_by(members[0], charter)
    counts = []
    for _size in (1, 30):
        client.get(at(name, charter.pk))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(at(name, charter.pk))
        counts.append(len(asked))
        for number in range(29):
            person = member_of(charter, preferred_name=f"Member {number}")
            proposal_by(person, charter, opened_at=timezone.now(), closes_on=date(2030, 1, 1))
    assert counts[0] == counts[1] <= most


def test_proposal_page_asks_the_same_number_of_questions_for_1_and_for_30_positions(
    proposal, charter, members
):
    client = browser(members[0])
    counts = []
    for _size in (1, 30):
        everyone_agrees(proposal, members[:1])
        with CaptureQueriesContext(connection) as asked:
            client.get(proposal.get_absolute_url())
        counts.append(len(asked))
        everyone_agrees(proposal, [member_of(charter) for _number in range(29)])
    assert counts[0] == counts[1] <= 15
