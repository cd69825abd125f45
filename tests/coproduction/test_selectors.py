"""What pages show: comparisons, the agreement matrix, what waits for whom, what is held."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.sections import data_collectors
from coproduction import selectors, services, transitions
from coproduction.selectors import agreement_matrix, changes_between, clause_history, todo_for
from tests.coproduction.factories import draft_by, proposal_by, wording
from tests.meetings.factories import MeetingFactory


def adopt(charter, people, facilitator, now, heading="Three meetings", **fields):
    proposal = proposal_by(people[0], charter, heading, **fields)
    for person in people:
        services.take_position(
            proposal=proposal, stance="agree", reason="", is_private=False, by=person, now=now
        )
    seen = selectors.current_version(charter).number
    return transitions.adopt(obj=proposal, seen=seen, by=facilitator, now=now, reason="Yes.")


@pytest.fixture
def five_versions(charter, members, facilitator, now):
    """Changed, added, moved, removed, in this order."""
    adopt(charter, members, facilitator, now)
    words = {"new_heading": "Minutes", "new_text": "We write minutes."}
    adopt(charter, members, facilitator, now, kind="add", clause=None, replaces=None, **words)
    adopt(charter, members, facilitator, now, "Minutes", kind="move")
    adopt(charter, members, facilitator, now, "Topics", kind="remove")
    return list(charter.versions.order_by("number"))


def what(changes):
    return [(change.what, change.heading) for change in changes]


def test_each_step_is_one_change(five_versions):
    steps = [changes_between(*pair) for pair in pairwise(five_versions)]
    assert [what(step) for step in steps] == [
        [("changed", "Three meetings")],
        [("added", "Minutes")],
        [("moved", "Minutes")],
        [("removed", "Topics")],
    ]


def test_first_and_last_version_compare_in_one_go(five_versions):
    changes = changes_between(five_versions[0], five_versions[-1])
    assert what(changes) == [
        ("added", "Minutes"),
        ("changed", "Three meetings"),
        ("removed", "Topics"),
    ]
    pieces = [(piece.kind, piece.text) for piece in changes[1].pieces]
    assert pieces == [("deleted", "3"), ("inserted", "4")]


def test_version_is_the_same_as_itself(five_versions):
    assert changes_between(five_versions[2], five_versions[2]) == []


def test_history_of_a_clause_shows_each_wording_and_how_it_came(five_versions, charter):
    history = clause_history(wording(charter, "Three meetings").clause)
    assert [step.wording.first_version.number for step in history.steps] == [2, 1]
    assert [bool(step.proposal) for step in history.steps] == [True, False]
    assert history.is_in_charter
    assert not clause_history(wording(charter, "Topics").clause).is_in_charter


def test_matrix_tells_agreement_from_agreement_with_other_words(charter, members, facilitator, now):
    ids = [wording(charter, heading).pk for heading in ("Three meetings", "Topics")]
    services.agree(charter=charter, wordings=ids, by=members[0], now=now)
    adopt(charter, members, facilitator, now)
    matrix = agreement_matrix(charter, selectors.current_version(charter))
    assert [member.name for member in matrix.members] == ["Ada", "Ben", "Cem"]
    assert {row.wording.heading: [cell.words for cell in row.cells] for row in matrix.rows} == {
        "Three meetings": ["Agreed to other words", "Not yet", "Not yet"],
        "Annual report": ["Not yet", "Not yet", "Not yet"],
        "Topics": ["Agrees", "Not yet", "Not yet"],
        "Online": ["Not yet", "Not yet", "Not yet"],
    }


def test_agreeing_with_words_that_have_changed_is_refused(charter, members, facilitator, now):
    old = wording(charter, "Three meetings").pk
    adopt(charter, members, facilitator, now)
    with pytest.raises(services.OutOfDate):
        services.agree(charter=charter, wordings=[old], by=members[0], now=now)


def test_member_is_told_what_waits_for_them_and_meetings_are_left_to_their_room(
    charter, members, now
):
    proposal_by(members[1], charter)
    draft_by(members[0], charter, "Topics")
    MeetingFactory(group=charter.group, starts_at=now + timedelta(days=3))
    texts = [(item.text, item.is_late) for item in todo_for(members[0], now)]
    assert texts == [
        ("Say what you think: Change “Three meetings”", False),
        ("Finish your draft: Change “Three meetings”".replace("Three meetings", "Topics"), False),
    ]


def test_position_taken_waits_no_longer(charter, members, now):
    proposal = proposal_by(members[1], charter)
    services.take_position(
        proposal=proposal, stance="talk", reason="", is_private=False, by=members[0], now=now
    )
    assert todo_for(members[0], now) == []


def test_facilitator_is_told_of_proposals_that_can_be_closed(charter, members, facilitator, now):
    due = proposal_by(members[0], charter)
    answered = proposal_by(members[0], charter, "Topics")
    proposal_by(members[0], charter, "Online")
    for person in members:
        services.take_position(
            proposal=answered, stance="agree", reason="", is_private=False, by=person, now=now
        )
    type(due).objects.filter(pk=due.pk).update(closes_on=now.date() - timedelta(days=1))
    found = [(item.text, item.detail, item.is_late) for item in todo_for(facilitator, now)]
    assert found == [
        (
            "Close the proposal: Change “Three meetings”",
            "0 of 3 members have taken a position",
            True,
        ),
        ("Close the proposal: Change “Topics”", "3 of 3 members have taken a position", False),
    ]


def test_what_waits_costs_few_queries_and_none_for_people_without_a_role(
    charter, members, somebody, now
):
    counts = []
    for _more in range(2):
        for _number in range(5):
            proposal_by(members[1], charter)
        fresh = type(members[0]).objects.get(pk=members[0].pk)
        assert fresh.current_roles
        with CaptureQueriesContext(connection) as asked:
            todo_for(fresh, now)
        counts.append(len(asked))
    assert counts == [2, 2]
    assert somebody.current_roles == []
    with CaptureQueriesContext(connection) as asked:
        assert todo_for(somebody, now) == []
    assert len(asked) == 0


def test_copy_of_ones_data_holds_every_word_of_ones_own_and_nobody_elses(charter, members, now):
    proposal = proposal_by(members[0], charter, reason="Ada’s reason")
    draft_by(members[0], charter, "Topics")
    for stance, reason in (("talk", "Ada’s first thought"), ("agree", "Ada’s second thought")):
        services.take_position(
            proposal=proposal, stance=stance, reason=reason, is_private=True, by=members[0], now=now
        )
    services.take_position(
        proposal=proposal, stance="agree", reason="Ben’s", is_private=False, by=members[1], now=now
    )
    services.agree(
        charter=charter, wordings=[wording(charter, "Topics").pk], by=members[0], now=now
    )
    held = json.dumps(data_collectors.get("coproduction")(members[0]), ensure_ascii=False)
    own = ["Ada’s reason", "Ada’s first thought", "Ada’s second thought", "Three are too few."]
    assert [words in held for words in (*own, "Ben’s")] == [True, True, True, True, False]
