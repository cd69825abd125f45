"""What is past its time goes, and one rule that fails keeps no other from running."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import AccessNeeds, Invitation
from accounts.services import end_role, grant_role, make_invitation, save_access_needs
from coproduction.models import Draft as ProposalDraft
from core import retention
from core.registry import Registry
from partners.models import Contact, JoinRequest
from partners.transitions import refuse
from tests.accounts.factories import UserFactory, person_with
from tests.coproduction.factories import charter_with_clauses, draft_by, member_of
from tests.partners.factories import ContactFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def test_the_beat_wakes_the_rules_each_hour():
    entry = settings.CELERY_BEAT_SCHEDULE["forget-what-is-past-its-time"]
    assert entry == {"task": "core.tasks.forget_expired", "schedule": 3_600.0}


def test_access_needs_go_two_years_after_the_last_change(now):
    person = UserFactory()
    save_access_needs(person=person, needs="A quiet room.", payment="", by=person, now=now)
    retention.forget_expired(now=now + timedelta(days=730))
    assert AccessNeeds.objects.count() == 1
    retention.forget_expired(now=now + timedelta(days=731))
    assert AccessNeeds.objects.count() == 0


def test_an_invitation_goes_thirty_days_after_it_ran_out(now):
    by = person_with(RoleKind.PROGRAMME_MANAGER)
    sent = {"email": "a@example.org", "kind": RoleKind.LEADERSHIP, "scope": None, "by": by}
    make_invitation(**sent, now=now)
    over = now + timedelta(days=settings.INVITATION_DAYS + 30)
    retention.forget_expired(now=over - timedelta(minutes=1))
    assert Invitation.objects.count() == 1
    retention.forget_expired(now=over + timedelta(minutes=1))
    assert Invitation.objects.count() == 0


def test_an_invitation_that_was_used_goes_thirty_days_later(now):
    by = person_with(RoleKind.PROGRAMME_MANAGER)
    sent = {"email": "a@example.org", "kind": RoleKind.LEADERSHIP, "scope": None, "by": by}
    used, _token = make_invitation(**sent, now=now)
    Invitation.objects.filter(pk=used.pk).update(accepted_at=now, accepted_by=UserFactory())
    retention.forget_expired(now=now + timedelta(days=29))
    assert Invitation.objects.count() == 1
    retention.forget_expired(now=now + timedelta(days=31))
    assert Invitation.objects.count() == 0


def test_a_contact_goes_two_years_after_the_role_has_ended(now):
    organisation = OrganisationFactory()
    left, stays = (person_with(RoleKind.PARTNER_CONTACT, organisation) for _each in range(2))
    for person in (left, stays):
        ContactFactory(organisation=organisation, person=person)
        person.roles.update(starts_on=timezone.localdate(now - timedelta(days=90)))
    end_role(role=left.roles.get(), by=None, now=now)
    retention.forget_expired(now=now + timedelta(days=728))
    assert Contact.objects.count() == 2
    retention.forget_expired(now=now + timedelta(days=732))
    assert [contact.person for contact in Contact.objects.all()] == [stays]


def test_a_request_to_join_goes_a_year_after_it_was_decided_and_never_while_it_waits(now):
    organisation, contact = OrganisationFactory(), UserFactory()
    decided, _waits = (
        JoinRequest.objects.create(organisation=organisation, person=UserFactory())
        for _each in range(2)
    )
    ContactFactory(organisation=organisation, person=contact)
    grant_role(person=contact, kind=RoleKind.PARTNER_CONTACT, scope=organisation, by=None, now=now)
    refuse(obj=decided, by=contact, now=now, reason="Another department.")
    retention.forget_expired(now=now + timedelta(days=364))
    assert JoinRequest.objects.count() == 2
    retention.forget_expired(now=now + timedelta(days=366))
    assert [request.decided_at for request in JoinRequest.objects.all()] == [None]


def test_a_draft_of_a_proposal_goes_a_year_after_its_last_change(now):
    charter = charter_with_clauses()
    draft_by(member_of(charter), charter)
    ProposalDraft.objects.update(updated_at=now)
    retention.forget_expired(now=now + timedelta(days=364))
    assert ProposalDraft.objects.count() == 1
    retention.forget_expired(now=now + timedelta(days=366))
    assert ProposalDraft.objects.count() == 0


def test_one_rule_that_fails_does_not_keep_the_others_from_running(now, monkeypatch):
    ran = []

    def fails(*, now):
        raise ValueError("planted")

    def runs(*, now):
        ran.append(now)
        return 1

    planted = Registry("planted")
    planted.add("first", retention.Rule(frozenset(), fails))
    planted.add("second", retention.Rule(frozenset(), runs))
    monkeypatch.setattr(retention, "rules", planted)
    with pytest.raises(ExceptionGroup, match="retention"):
        retention.forget_expired(now=now)
    assert ran == [now]
