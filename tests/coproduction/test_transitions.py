"""Closing a proposal: who, when, under which rule, and what follows."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from coproduction import services, transitions
from coproduction.enums import ClosingRule, ProposalKind, ProposalState, Stance
from coproduction.models import Agreement, CharterVersion, ClausePlace, PastPosition
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from notifications.models import Message
from tests.coproduction.factories import proposal_by, wording


def take(proposal, people, now, stance=Stance.AGREE, reason=""):
    for person in people:
        services.take_position(
            proposal=proposal, stance=stance, reason=reason, is_private=False, by=person, now=now
        )


def headings(charter):
    version = charter.versions.first()
    return list(
        ClausePlace.objects.filter(version=version)
        .order_by("order")
        .values_list("wording__heading", flat=True)
    )


@pytest.fixture
def proposal(charter, members):
    return proposal_by(members[0], charter)


@pytest.fixture
def agreed(proposal, members, now):
    """A proposal with which everybody agrees."""
    take(proposal, members, now)
    return proposal


def adopt(proposal, by, now, seen=1, reason="Everyone agrees."):
    return transitions.adopt(obj=proposal, seen=seen, by=by, now=now, reason=reason)


def test_adopting_makes_a_new_version_with_the_new_words_and_tells_all_members(
    agreed, charter, members, facilitator, now
):
    done = adopt(agreed, facilitator, now)
    version = charter.versions.get(number=2)
    assert (done.state, done.made_version, done.fate) == (
        ProposalState.ADOPTED,
        version,
        "Everyone agrees.",
    )
    place = version.places.get(clause=agreed.clause)
    assert place.wording.text == "We need to have 4 meetings this year."
    assert headings(charter) == ["Three meetings", "Annual report", "Topics", "Online"]
    told = Message.objects.filter(kind="coproduction.proposal_decided")
    assert {message.recipient for message in told} == set(members)
    assert [step.step for step in transitions_of(agreed)] == ["adopt"]


def test_adopting_keeps_the_rows_of_words_that_it_does_not_touch(agreed, charter, facilitator, now):
    before = wording(charter, "Topics")
    adopt(agreed, facilitator, now)
    assert charter.versions.first().places.get(clause=before.clause).wording == before


def test_adopting_twice_makes_one_version(agreed, charter, facilitator, now):
    adopt(agreed, facilitator, now)
    again = adopt(agreed, facilitator, now)
    assert again.state == ProposalState.ADOPTED
    assert charter.versions.count() == 2


def test_adopting_lets_lapse_only_the_agreements_with_the_clause_it_touches(
    agreed, charter, members, facilitator, now
):
    ids = [wording(charter, heading).pk for heading in ("Three meetings", "Topics")]
    services.agree(charter=charter, wordings=ids, by=members[0], now=now)
    adopt(agreed, facilitator, now)
    current = charter.versions.first().places.values("wording")
    standing = Agreement.objects.filter(wording__in=current, taken_back_at=None)
    assert [agreement.wording.heading for agreement in standing] == ["Topics"]


def test_adopting_is_refused_without_the_quorum(proposal, members, facilitator, now):
    take(proposal, members[:1], now)
    with pytest.raises(transitions.RuleNotMet, match="1 of 3 members has taken a position"):
        adopt(proposal, facilitator, now + timedelta(days=30))


def test_adopting_is_refused_while_members_have_time_to_answer(proposal, members, facilitator, now):
    take(proposal, members[:2], now)
    with pytest.raises(transitions.RuleNotMet, match="Members have until"):
        adopt(proposal, facilitator, now)


def test_adopting_is_allowed_on_the_closing_day_with_the_quorum(
    proposal, members, facilitator, now
):
    take(proposal, members[:2], now)
    closing_day = now.replace(month=8, day=9)
    assert adopt(proposal, facilitator, closing_day).state == ProposalState.ADOPTED


def test_adopting_is_refused_when_a_member_cannot_agree(agreed, members, facilitator, now):
    take(agreed, members[:1], now, Stance.CANNOT, "Too many meetings.")
    with pytest.raises(transitions.RuleNotMet, match="1 member cannot agree"):
        adopt(agreed, facilitator, now)
    agreed.refresh_from_db()
    assert agreed.state == ProposalState.OPEN


@pytest.mark.parametrize(
    ("rule", "met"),
    [(ClosingRule.CONSENT, True), (ClosingRule.CONSENSUS, False), (ClosingRule.MAJORITY, True)],
)
def test_a_wish_to_talk_stops_a_consensus_alone(rule, met, agreed, members, now):
    charter = agreed.charter
    charter.closing_rule = rule
    charter.save()
    take(agreed, members[:1], now, Stance.TALK)
    assert transitions.selectors.check_rule(agreed, now).is_met is met


def test_adopting_is_refused_to_a_member(agreed, members, now):
    with pytest.raises(PermissionDenied):
        adopt(agreed, members[0], now)


def test_adopting_needs_words_about_what_was_decided(agreed, facilitator, now):
    with pytest.raises(ReasonRequired):
        adopt(agreed, facilitator, now, reason=" ")


def test_adopting_is_refused_when_the_facilitator_saw_an_older_version(
    agreed, charter, members, facilitator, now
):
    other = proposal_by(members[1], charter, "Topics", new_text="We begin with housing.")
    take(other, members, now)
    adopt(other, facilitator, now)
    with pytest.raises(services.OutOfDate):
        adopt(agreed, facilitator, now, seen=1)
    assert adopt(agreed, facilitator, now, seen=2).made_version.number == 3


def test_second_proposal_on_the_same_clause_is_adopted_only_with_joined_words(
    agreed, charter, members, facilitator, now
):
    second = proposal_by(members[1], charter, new_text="We need 3 short meetings this year.")
    take(second, members, now)
    adopt(agreed, facilitator, now)
    with pytest.raises(services.OutOfDate, match="joined words"):
        adopt(second, facilitator, now, seen=2)
    words = services.Words("known", "Meetings", "We need 4 short meetings this year.")
    done = transitions.adopt_changed(
        obj=second, words=words, seen=2, by=facilitator, now=now, reason="Both."
    )
    assert done.state == ProposalState.ADOPTED_CHANGED
    assert done.made_version.places.get(clause=second.clause).wording.text == words.text


def test_adopting_with_changes_answers_an_objection_but_not_a_missing_quorum(
    agreed, charter, members, facilitator, now
):
    words = services.Words("known", "Meetings", "We meet 3 or 4 times.")
    take(agreed, members[:1], now, Stance.CANNOT, "Too many.")
    done = transitions.adopt_changed(
        obj=agreed, words=words, seen=1, by=facilitator, now=now, reason="This works for Ada."
    )
    assert done.state == ProposalState.ADOPTED_CHANGED
    lonely = proposal_by(members[0], charter, "Topics")
    with pytest.raises(transitions.RuleNotMet):
        transitions.adopt_changed(
            obj=lonely, words=words, seen=2, by=facilitator, now=now, reason="No."
        )


def test_adding_a_clause_puts_it_behind_the_one_that_was_named(charter, members, facilitator, now):
    added = proposal_by(
        members[0],
        charter,
        kind=ProposalKind.ADD,
        clause=None,
        replaces=None,
        after=wording(charter, "Three meetings").clause,
        new_heading="Minutes",
        new_text="We write minutes.",
    )
    take(added, members, now)
    adopt(added, facilitator, now)
    assert headings(charter) == ["Three meetings", "Minutes", "Annual report", "Topics", "Online"]


def test_moving_a_clause_keeps_its_words_and_its_agreements(charter, members, facilitator, now):
    report = wording(charter, "Annual report")
    services.agree(charter=charter, wordings=[report.pk], by=members[0], now=now)
    moved = proposal_by(members[0], charter, "Annual report", kind=ProposalKind.MOVE)
    take(moved, members, now)
    adopt(moved, facilitator, now)
    assert headings(charter) == ["Annual report", "Three meetings", "Topics", "Online"]
    assert charter.versions.first().places.get(order=1).wording == report


def test_removing_a_clause_leaves_it_in_the_older_version(charter, members, facilitator, now):
    removed = proposal_by(members[0], charter, "Topics", kind=ProposalKind.REMOVE)
    take(removed, members, now)
    adopt(removed, facilitator, now)
    assert headings(charter) == ["Three meetings", "Annual report", "Online"]
    assert charter.versions.get(number=1).places.count() == 4


def test_changing_the_part_of_a_clause_puts_it_at_the_end_of_the_new_part(
    charter, members, facilitator, now
):
    settled = proposal_by(members[0], charter, "Topics", new_kind="known", new_heading="Topics")
    take(settled, members, now)
    adopt(settled, facilitator, now)
    assert headings(charter) == ["Three meetings", "Annual report", "Topics", "Online"]
    assert charter.versions.first().places.get(order=3).wording.kind == "known"


def test_proposal_about_a_clause_that_is_gone_cannot_be_adopted(
    agreed, charter, members, facilitator, now
):
    removed = proposal_by(members[0], charter, kind=ProposalKind.REMOVE)
    take(removed, members, now)
    adopt(removed, facilitator, now)
    with pytest.raises(services.OutOfDate):
        adopt(agreed, facilitator, now, seen=2)


def test_setting_aside_leaves_the_charter_and_says_why(agreed, charter, facilitator, now):
    done = transitions.set_aside(obj=agreed, by=facilitator, now=now, reason="Later.")
    assert (done.state, done.fate, done.made_version) == ("set_aside", "Later.", None)
    assert charter.versions.count() == 1


def test_withdrawing_is_for_the_proposer_alone(proposal, members, facilitator, now):
    for other in (members[1], facilitator):
        with pytest.raises(PermissionDenied):
            transitions.withdraw(obj=proposal, by=other, now=now, reason="No.")
    done = transitions.withdraw(
        obj=proposal, by=members[0], now=now, reason="I found better words."
    )
    assert (done.state, done.fate) == ("withdrawn", "I found better words.")


@pytest.mark.parametrize("step", ["set_aside", "withdraw"])
def test_closed_proposal_is_not_closed_in_another_way(step, agreed, members, facilitator, now):
    adopt(agreed, facilitator, now)
    by = members[0] if step == "withdraw" else facilitator
    with pytest.raises(TransitionNotAllowed):
        getattr(transitions, step)(obj=agreed, by=by, now=now, reason="Late.")


def test_position_on_a_closed_proposal_is_refused(agreed, members, facilitator, now):
    adopt(agreed, facilitator, now)
    with pytest.raises(services.OutOfDate):
        take(agreed, members[:1], now)


def test_changing_a_position_keeps_the_one_before(proposal, members, now):
    take(proposal, members[:1], now, Stance.CANNOT, "No.")
    take(proposal, members[:1], now + timedelta(hours=1), Stance.AGREE)
    take(proposal, members[:1], now + timedelta(hours=2), Stance.AGREE)
    position = proposal.positions.get()
    assert position.stance == Stance.AGREE
    past = PastPosition.objects.get(position=position)
    assert (past.stance, past.reason, past.taken_at) == (Stance.CANNOT, "No.", now)


def test_positions_of_members_who_left_do_not_count(agreed, members, now):
    first = members[0].memberships.get()
    first.left_on = date(2022, 8, 1)
    first.joined_on = date(2022, 1, 1)
    first.save()
    check = transitions.selectors.check_rule(agreed, now)
    assert check.points[0].text.startswith("2 of 2 members")


def test_version_numbers_run_without_gaps(agreed, charter, facilitator, now):
    adopt(agreed, facilitator, now)
    assert list(CharterVersion.objects.values_list("number", flat=True)) == [2, 1]
