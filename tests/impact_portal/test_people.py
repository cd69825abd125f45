"""Who is who, and inviting people."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import SCOPED_KINDS, RoleKind
from accounts.models import Invitation, Role, User
from accounts.services import InvitationNotUsable, make_invitation, usable_invitation
from core.dates import nice_date
from impact_portal.people.scopes import scopes_of
from meetings.enums import GroupKind
from notifications.delivery import send_due
from notifications.models import Message
from tests.accounts.factories import UserFactory, person_with
from tests.meetings.factories import GroupFactory
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


def invite_page(kind: RoleKind) -> str:
    return reverse("people:invite", args=[kind])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (RoleKind.PROGRAMME_MANAGER, 200),
        (RoleKind.PROGRAMME_STAFF, 403),
        (RoleKind.LEADERSHIP, 403),
        (None, 403),
    ],
)
def test_people_are_for_programme_managers(client, somebody, role, status):
    client.force_login(person_with(role) if role else somebody)
    pages = [
        reverse("people:list"),
        reverse("people:invite-role"),
        invite_page(RoleKind.LEADERSHIP),
    ]
    assert [client.get(page).status_code for page in pages] == [status] * 3
    answer = client.post(pages[2], {"email": "a@example.org"})
    assert Invitation.objects.count() == (1 if status == 200 else 0)
    assert answer.status_code == (302 if status == 200 else 403)


def test_invitation_goes_by_mail_and_makes_an_account_with_the_role(manager_client):
    answer = manager_client.post(
        reverse("people:invite-role"), {"kind": RoleKind.PROGRAMME_STAFF}, follow=True
    )
    assert "Programme staff" in answer.content.decode()
    manager_client.post(invite_page(RoleKind.PROGRAMME_STAFF), {"email": "New@Example.org"})
    message = Message.objects.get()
    assert (message.kind, message.address) == ("accounts.invitation", "new@example.org")
    send_due(now=message.send_at)
    message.refresh_from_db()
    assert message.body == ""
    path = re.search(r"/you/invitations/[^\s>]+", mail.outbox[0].body)[0]
    newcomer = Client()
    assert newcomer.get(path).status_code == 200
    newcomer.post(path, {"preferred_name": "Newcomer"})
    person = User.objects.get(email="new@example.org")
    assert [role.kind for role in person.roles.all()] == [RoleKind.PROGRAMME_STAFF]


def test_scoped_role_asks_in_what_and_says_so_in_the_mail(manager_client):
    organisation = OrganisationFactory(name="Care Together")
    page = invite_page(RoleKind.PARTNER_CONTACT)
    answer = manager_client.post(page, {"email": "a@example.org"})
    assert "There is a problem" in answer.content.decode()
    manager_client.post(page, {"email": "a@example.org", "scope": organisation.pk})
    assert Invitation.objects.get().scope == organisation
    assert "Partner contact, Care Together." in Message.objects.get().body


def test_scope_of_another_kind_is_refused(manager_client):
    assembly = GroupFactory(kind=GroupKind.ASSEMBLY)
    manager_client.post(
        invite_page(RoleKind.NETWORK_MEMBER), {"email": "a@example.org", "scope": assembly.pk}
    )
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@", "a\0@example.org", "a@b.c" * 60])
def test_address_that_is_none_is_said_and_kept(manager_client, email):
    answer = manager_client.post(invite_page(RoleKind.LEADERSHIP), {"email": email})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_unknown_role_is_not_found(manager_client):
    assert manager_client.get(reverse("people:invite", args=["king"])).status_code == 404


def test_double_click_sends_one_invitation(manager_client):
    for _ in range(2):
        manager_client.post(invite_page(RoleKind.LEADERSHIP), {"email": "a@example.org"})
    assert (Invitation.objects.count(), Message.objects.count()) == (1, 1)


def test_each_scoped_role_has_something_to_be_held_in():
    known = {kind for kind in RoleKind if kind != RoleKind.ASSESSOR and scopes_of(kind) is not None}
    assert known == SCOPED_KINDS - {RoleKind.ASSESSOR}


def test_list_finds_by_name_address_and_role(manager_client, manager):
    organisation = OrganisationFactory(name="Care Together")
    contact = person_with(RoleKind.PARTNER_CONTACT, organisation, preferred_name="Ŵyn")
    UserFactory(preferred_name="Gone", is_active=False)

    def found(**query) -> list[User]:
        return manager_client.get(reverse("people:list"), query).context["page"].rows

    assert set(found()) == {manager, contact}
    assert found(q="yn") == found(q=contact.email) == found(role="partner_contact") == [contact]
    assert found(role="assessor") == []
    page = manager_client.get(reverse("people:list")).content.decode()
    assert "Partner contact (Care Together)" in page


def test_list_costs_the_same_for_one_person_and_for_thirty(manager_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            manager_client.get(reverse("people:list"))
        return len(captured)

    organisation = OrganisationFactory()
    person_with(RoleKind.PARTNER_CONTACT, organisation)
    manager_client.post(invite_page(RoleKind.LEADERSHIP), {"email": "a@example.org"})
    one = queries()
    for _ in range(29):
        person_with(RoleKind.PARTNER_CONTACT, organisation)
    assert queries() == one <= 10


# --- Ending a role -------------------------------------------------------------------------


def last_day(day: date) -> dict[str, int]:
    return {"ends_on_day": day.day, "ends_on_month": day.month, "ends_on_year": day.year}


def end_page(role: Role) -> str:
    return reverse("people:role-end", args=[role.pk])


def test_who_ends_a_role_is_told_which_projects_would_be_left(manager_client):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    page = end_page(person.roles.get())
    assert "leads" not in manager_client.get(page).content.decode()
    ProjectFactory(lead=person)
    ProjectFactory(lead=person, state="closed")
    shown = manager_client.get(page).content.decode()
    assert f"{person} leads 1 project that is not over." in html.unescape(shown)
    assert f"{reverse('projects:list')}?all=1&amp;lead={person.pk}" in shown


def test_a_role_can_be_ended_at_once_from_the_list_of_people(manager_client, manager):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    role = person.roles.get()
    Role.objects.update(starts_on=timezone.localdate() - timedelta(days=30))
    assert end_page(role) in manager_client.get(reverse("people:list")).content.decode()
    assert "Last day" in manager_client.get(end_page(role)).content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = manager_client.post(end_page(role), last_day(yesterday))
    assert answer.url == reverse("people:list")
    role.refresh_from_db()
    assert role.ends_on == yesterday
    said = f"The role “Programme staff” of {person} ends with"
    assert said in html.unescape(manager_client.get(answer.url).content.decode())
    history = reverse("history:page", args=["person", person.pk])
    told = html.unescape(manager_client.get(history).content.decode())
    assert f"from “Programme staff” to “Programme staff, until {nice_date(yesterday)}”" in told
    assert str(manager) in told
    other = Client()
    other.force_login(User.objects.get(pk=person.pk))
    assert other.get(reverse("projects:list")).status_code == 403
    assert manager_client.get(end_page(role)).status_code == 404


def test_a_role_can_be_given_a_last_day_ahead_and_keeps_what_was_typed_wrong(manager_client):
    role = person_with(RoleKind.LEADERSHIP).roles.get()
    too_early = timezone.localdate() - timedelta(days=9)
    page = manager_client.post(end_page(role), last_day(too_early)).content.decode()
    assert page.count("The last day can be") == 2  # in the summary and beside the field
    assert f'value="{too_early.day}"' in page
    ahead = timezone.localdate() + timedelta(days=40)
    manager_client.post(end_page(role), last_day(ahead))
    role.refresh_from_db()
    assert role.ends_on == ahead
    assert "until " in manager_client.get(reverse("people:list")).content.decode()


def test_a_role_given_today_by_mistake_is_ended_at_once_and_leaves_its_trace(manager_client):
    role = person_with(RoleKind.LEADERSHIP).roles.get()
    Role.objects.filter(pk=role.pk).update(starts_on=timezone.localdate())
    yesterday = timezone.localdate() - timedelta(days=1)
    assert manager_client.post(end_page(role), last_day(yesterday)).status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()
    history = reverse("history:page", args=["person", role.person_id])
    told = html.unescape(manager_client.get(history).content.decode())
    assert "from “Leadership team” to “no role”" in told


def test_the_last_programme_manager_stays(manager_client, manager):
    role = manager.roles.get()
    page = manager_client.post(end_page(role), last_day(timezone.localdate()))
    assert "no programme manager left" in page.content.decode()
    role.refresh_from_db()
    assert role.ends_on is None
    person_with(RoleKind.PROGRAMME_MANAGER)
    assert manager_client.post(end_page(role), last_day(timezone.localdate())).status_code == 302


def test_an_invitation_that_waits_can_be_withdrawn(manager_client, manager):
    waiting, token = make_invitation(
        email="a@example.org",
        kind=RoleKind.LEADERSHIP,
        scope=None,
        by=manager,
        now=timezone.now(),
    )
    address = reverse("people:withdraw", args=[waiting.pk])
    assert address in manager_client.get(reverse("people:list")).content.decode()
    assert manager_client.get(address).status_code == 405
    for _twice in range(2):
        assert manager_client.post(address).status_code == 302
    assert "a@example.org" not in manager_client.get(reverse("people:list")).content.decode()
    with pytest.raises(InvitationNotUsable):
        usable_invitation(token=token, now=timezone.now())
