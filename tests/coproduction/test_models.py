"""What the database itself holds to."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from coproduction.models import (
    Agreement,
    Charter,
    CharterVersion,
    Clause,
    ClausePlace,
    ClauseText,
    Draft,
    Position,
    Proposal,
)
from tests.accounts.factories import UserFactory
from tests.coproduction.factories import MOMENT, draft_by, member_of, proposal_by, wording
from tests.meetings.factories import GroupFactory


@pytest.mark.parametrize("model", [CharterVersion, ClauseText, ClausePlace])
def test_what_is_published_is_not_saved_again(model, charter):
    with pytest.raises(ValidationError):
        model.objects.first().save()


@pytest.mark.parametrize("model", [CharterVersion, ClauseText, ClausePlace])
def test_what_is_published_is_not_updated(model, charter):
    with pytest.raises(TypeError):
        model.objects.update(is_example=True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE coproduction_clausetext SET text = 'x'",
        "UPDATE coproduction_clausetext SET heading = 'x'",
        "UPDATE coproduction_charterversion SET note = 'x'",
        'UPDATE coproduction_clauseplace SET "order" = 9',
    ],
)
def test_published_words_withstand_plain_sql(change, charter):
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_person_who_published_a_version_can_be_erased(charter, facilitator):
    version = CharterVersion.objects.create(charter=charter, number=2, published_by=facilitator)
    facilitator.delete()
    version.refresh_from_db()
    assert version.published_by is None


def test_charter_can_be_removed_with_all_that_hangs_on_it(charter, members):
    proposal_by(members[0], charter)
    draft_by(members[0], charter)
    charter.delete()
    assert ClauseText.objects.count() == Proposal.objects.count() == Draft.objects.count() == 0


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_database_refuses_a_proposal_closed_without_its_fate(charter, members):
    refused(lambda: proposal_by(members[0], charter, state="adopted", decided_at=MOMENT))
    refused(lambda: proposal_by(members[0], charter, fate="Adopted."))


def test_database_refuses_a_change_without_a_clause_and_a_reason(charter, members):
    refused(lambda: proposal_by(members[0], charter, clause=None))
    refused(lambda: proposal_by(members[0], charter, kind="add"))
    refused(lambda: proposal_by(members[0], charter, reason=""))


def test_database_refuses_a_second_position_of_one_member(charter, members):
    proposal = proposal_by(members[0], charter)
    words = {"proposal": proposal, "member": proposal.proposed_by, "taken_at": MOMENT}
    Position.objects.create(stance="agree", **words)
    refused(lambda: Position.objects.create(stance="talk", **words))


def test_database_refuses_a_position_against_without_a_reason(charter, members):
    proposal = proposal_by(members[0], charter)
    refused(
        lambda: Position.objects.create(
            proposal=proposal, member=proposal.proposed_by, taken_at=MOMENT, stance="cannot"
        )
    )


def test_database_refuses_agreeing_twice_but_not_anew(charter, members):
    words = {"wording": wording(charter, "Topics"), "member": members[0].memberships.get()}
    first = Agreement.objects.create(agreed_at=MOMENT, **words)
    refused(lambda: Agreement.objects.create(agreed_at=MOMENT, **words))
    first.taken_back_at = MOMENT
    first.save()
    Agreement.objects.create(agreed_at=MOMENT, **words)


@pytest.mark.parametrize(
    "wrong", [{"quorum_percent": 0}, {"quorum_percent": 101}, {"open_days": 0}]
)
def test_database_refuses_a_rule_that_cannot_be(wrong, charter):
    refused(lambda: Charter.objects.filter(pk=charter.pk).update(**wrong))


def test_only_an_advisory_group_has_a_charter(db):
    charter = Charter(group=GroupFactory(kind="assembly"), title="No")
    with pytest.raises(ValidationError):
        charter.full_clean()


@pytest.fixture
def everybody(charter, members, facilitator, staff, stranger):
    """One of each kind of person, and a proposal in each of two charters."""
    proposal_by(members[0], charter)
    proposal_by(stranger, Charter.objects.exclude(pk=charter.pk).get())
    return [members[0], facilitator, staff, stranger, UserFactory()]


@pytest.mark.parametrize("model", [Charter, CharterVersion, Clause, Proposal])
def test_lists_and_rule_agree_about_what_may_be_seen(model, everybody):
    for person in everybody:
        allowed = {
            obj for obj in model.objects.all() if person.has_perm("coproduction.view_charter", obj)
        }
        assert set(model.objects.visible_to(person)) == allowed


def test_list_of_drafts_and_rule_agree(charter, members, everybody):
    draft_by(members[0], charter)
    draft_by(members[0], charter, "Topics", is_shared=True)
    draft_by(members[1], charter)
    for person in (*members, *everybody):
        allowed = {
            draft
            for draft in Draft.objects.all()
            if person.has_perm("coproduction.write_draft", draft)
        }
        assert set(Draft.objects.visible_to(person)) == allowed


def test_former_member_sees_nothing(charter):
    former = member_of(charter)
    former.roles.update(ends_on=date(2022, 2, 1))
    assert list(Charter.objects.visible_to(former)) == []
