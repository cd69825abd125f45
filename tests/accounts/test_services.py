"""Roles, invitations and access needs."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from accounts import services
from accounts.enums import RoleKind
from accounts.models import AccessNeeds, Invitation, Role, User
from accounts.rules import holds_in, is_staff_member, scope_ids
from accounts.selectors import holders
from core import audit
from tests.accounts.factories import RoleFactory, UserFactory, person_with
from tests.partners.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(manager, now):
    return services.make_invitation(
        email="New@Example.org", kind=RoleKind.PROGRAMME_STAFF, scope=None, by=manager, now=now
    )


def test_role_counts_from_its_first_to_its_last_day(now):
    role = RoleFactory(starts_on=now.date(), ends_on=now.date() + timedelta(days=1))
    days = [now.date() + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    active = [Role.objects.active_on(day).filter(pk=role.pk).exists() for day in days]
    assert active == [False, True, True, False]


def test_role_in_one_organisation_says_nothing_about_another():
    own, other = OrganisationFactory(), OrganisationFactory()
    person = person_with(RoleKind.PARTNER_CONTACT, own)
    kinds = {RoleKind.PARTNER_CONTACT}
    assert scope_ids(person, kinds, type(own)) == {own.pk}
    assert (holds_in(person, kinds, own), holds_in(person, kinds, other)) == (True, False)


def test_database_holds_an_open_role_once_with_a_scope_and_without():
    person = UserFactory()
    RoleFactory(person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleFactory(person=person)
    organisation = OrganisationFactory()
    scoped = {
        "person": person,
        "kind": RoleKind.PARTNER_CONTACT,
        "scope_type": ContentType.objects.get_for_model(organisation),
        "scope_id": organisation.pk,
    }
    RoleFactory(**scoped)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleFactory(**scoped)


def test_scoped_role_without_scope_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="role_scoped_as_its_kind_asks"):
        RoleFactory(kind=RoleKind.ASSESSOR)


def test_role_granted_twice_is_held_once_and_audited_once(manager, somebody, now):
    for _ in range(2):
        role = services.grant_role(
            person=somebody, kind=RoleKind.PROGRAMME_STAFF, by=manager, now=now
        )
    assert somebody.roles.count() == 1
    (entry,) = audit.entries_of(somebody)
    assert entry.changes == {"role": ["no role", "Programme staff"]}
    assert role.kind == RoleKind.PROGRAMME_STAFF


def test_ended_role_holds_no_more(manager, now):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    services.end_role(role=person.roles.get(), by=manager, now=now)
    assert is_staff_member(User.objects.get(pk=person.pk)) is False


def test_invitation_keeps_the_hash_of_its_token_alone(invitation):
    row, token = invitation
    assert row.token_hash == services.hash_token(token)
    assert token not in str(Invitation.objects.values().get())


def test_invitation_accepted_by_a_newcomer_makes_account_and_role(invitation, now):
    _row, token = invitation
    person = services.accept_invitation(
        token=token, by=AnonymousUser(), now=now, preferred_name="Nia"
    )
    assert (person.email, person.preferred_name) == ("new@example.org", "Nia")
    assert person.has_usable_password() is False
    assert EmailAddress.objects.get(user=person).verified is True
    assert [role.kind for role in person.roles.all()] == [RoleKind.PROGRAMME_STAFF]


def test_invitation_makes_an_account_that_nobody_has_proved_the_invited_persons_own(
    invitation, now
):
    _row, token = invitation
    waiting = UserFactory(email="new@example.org", preferred_name="Eve")
    waiting.set_password("a-good-life-2022")
    waiting.save()
    EmailAddress.objects.create(user=waiting, email=waiting.email, verified=False, primary=True)
    person = services.accept_invitation(
        token=token, by=AnonymousUser(), now=now, preferred_name="Nia"
    )
    assert (person.pk, person.preferred_name) == (waiting.pk, "Nia")
    assert person.has_usable_password() is False
    assert EmailAddress.objects.get(user=person).verified is True


def test_invitation_works_once(invitation, now):
    _row, token = invitation
    services.accept_invitation(token=token, by=AnonymousUser(), now=now, preferred_name="Nia")
    with pytest.raises(services.InvitationNotUsable, match="has been used"):
        services.accept_invitation(token=token, by=AnonymousUser(), now=now, preferred_name="Eve")


def test_invitation_works_for_seven_days(invitation, now):
    _row, token = invitation
    last = now + timedelta(days=7)
    assert services.usable_invitation(token=token, now=last - timedelta(seconds=1))
    with pytest.raises(services.InvitationNotUsable, match="out of date"):
        services.usable_invitation(token=token, now=last)


def test_invitation_cannot_be_taken_by_another_person(invitation, somebody, now):
    _row, token = invitation
    with pytest.raises(services.InvitationNotUsable, match="another e-mail address"):
        services.accept_invitation(token=token, by=somebody, now=now)
    assert somebody.roles.count() == 0


def test_invitation_of_an_account_holder_asks_them_to_sign_in(invitation, now):
    _row, token = invitation
    person = UserFactory(email="new@example.org")
    with pytest.raises(services.InvitationNotUsable, match="Sign in first"):
        services.accept_invitation(token=token, by=AnonymousUser(), now=now)
    assert services.accept_invitation(token=token, by=person, now=now) == person


def test_access_needs_are_kept_for_two_years_from_the_last_change(somebody, now):
    for needs in ["breaks", "a hearing loop"]:
        services.save_access_needs(person=somebody, needs=needs, payment="", by=somebody, now=now)
    record = AccessNeeds.objects.get()
    assert (record.needs, record.keep_until.isoformat()) == ("a hearing loop", "2024-07-25")


def test_role_given_after_midnight_in_summer_begins_on_the_day_in_london(manager):
    after_midnight = datetime(2022, 7, 27, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    role = services.grant_role(
        person=UserFactory(),
        kind=RoleKind.PROGRAMME_STAFF,
        by=manager,
        now=after_midnight.astimezone(UTC),
    )
    assert role.starts_on == date(2022, 7, 27)


def test_holders_are_active_people_with_the_role_in_the_scope_on_the_day():
    organisation, other = OrganisationFactory(), OrganisationFactory()
    held = person_with(RoleKind.PARTNER_CONTACT, organisation)
    person_with(RoleKind.PARTNER_CONTACT, other)
    gone = person_with(RoleKind.PARTNER_CONTACT, organisation)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    today = date(2022, 7, 26)
    kinds = {RoleKind.PARTNER_CONTACT}
    found = holders(kinds, on=today, scope=type(organisation), ids=[organisation.pk])
    assert list(found) == [held]
    long_ago = holders(kinds, on=date(2000, 1, 1), scope=type(organisation), ids=[organisation.pk])
    assert list(long_ago) == []


def test_access_needs_saved_twice_alike_are_audited_once(somebody, now):
    for _ in range(2):
        record = services.save_access_needs(
            person=somebody, needs="breaks", payment="", by=somebody, now=now
        )
    assert audit.entries_of(record).count() == 1
