"""Tags, and the people of a project: roles with dates, and what ends them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from accounts.services import (
    InvitationNotUsable,
    accept_invitation,
    grant_role,
    make_invitation,
    set_last_day,
)
from core.dates import short_date
from impact_portal.people.scopes import scopes_of
from projects.enums import DeliveryModel, ProjectState
from projects.forms import ProjectForm
from projects.history import history_of
from projects.models import Tag
from projects.people_services import give_role, let_roles_lapse, roles_in
from projects.tags import LONGEST_TAG, names_of_tags, set_tags, suggested_tags
from projects.transitions import stop
from tests.accounts.factories import UserFactory
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def date_boxes(name, day):
    return {f"{name}_{part}": getattr(day, part) for part in ["day", "month", "year"]}


@pytest.fixture
def project(staff):
    return ProjectFactory(
        title="Time off",
        lead=staff,
        model=DeliveryModel.DEMONSTRATOR,
        state=ProjectState.LIVE,
        host=OrganisationFactory(),
    )


@pytest.fixture
def coach(project, staff):
    """A person with the role of a coach from 2031 on."""
    person = UserFactory()
    give_role(
        project=project,
        person=person,
        kind=RoleKind.IMPROVEMENT_COACH,
        starts_on=date(2022, 1, 1),
        ends_on=None,
        by=staff,
        now=timezone.now(),
    )
    return person


# --- Tags ----------------------------------------------------------------------------------


def test_a_tag_whose_letters_grow_when_cases_are_folded_is_kept(project):
    name = "\u0390" * LONGEST_TAG
    set_tags(project=project, names=[name])
    assert [tag.name for tag in project.tags.all()] == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" , ,\n", []),
        ("Carers, rural  care\ncarers, CARERS", ["Carers", "rural care"]),
        ("Straße, STRASSE", ["Straße"]),
    ],
)
def test_tags_are_each_once_whatever_their_case(text, expected):
    assert names_of_tags(text) == expected


def test_a_tag_that_is_known_keeps_its_spelling_and_goes_from_this_project_alone(project):
    other = ProjectFactory()
    set_tags(project=project, names=["Carers", "Rural"])
    set_tags(project=other, names=["carers"])
    set_tags(project=project, names=["rural"])
    assert [str(tag) for tag in project.tags.all()] == ["Rural"]
    assert [str(tag) for tag in other.tags.all()] == ["Carers"]
    assert Tag.objects.count() == 2


def test_tags_are_suggested_by_how_many_projects_have_them():
    for names in [["Rural"], ["Carers", "Rural"]]:
        set_tags(project=ProjectFactory(), names=names)
    Tag.objects.create(name="Nobody's", key="nobody's")
    assert suggested_tags() == ["Rural", "Carers"]


@pytest.mark.parametrize("text", ["x" * 41, ",".join(map(str, range(13)))])
def test_too_long_or_too_many_tags_are_said_beside_their_box(text):
    form = ProjectForm({"tags": text}, today=timezone.localdate())
    assert "tags" in form.errors


def test_tags_are_on_the_page(project, staff_client):
    set_tags(project=project, names=["Rural care"])
    assert "Rural care" in staff_client.get(url("detail", project.pk)).content.decode()


# --- People --------------------------------------------------------------------------------


def test_somebody_with_an_account_gets_a_role_with_dates_once(project, staff_client):
    person = UserFactory()
    data = {
        "person": person.email.upper(),
        "kind": "improvement_coach",
        **date_boxes("starts_on", date(2031, 1, 1)),
        **date_boxes("ends_on", date(2031, 6, 30)),
    }
    for _ in range(2):
        assert staff_client.post(url("role-add", project.pk), data).status_code == 302
    role = roles_in(project).get()
    assert (role.person, role.starts_on, role.ends_on) == (
        person,
        date(2031, 1, 1),
        date(2031, 6, 30),
    )
    page = staff_client.get(url("detail", project.pk)).content.decode()
    assert "1 January 2031" in page
    assert str(person) in page
    assert history_of(project, 1)[0].text == "Gave somebody the role “Improvement coach”"


def test_a_stranger_or_a_role_of_another_model_is_refused_beside_its_box(project, staff_client):
    data = {"person": "nobody@example.org", "kind": "facilitator"}
    page = staff_client.post(url("role-add", project.pk), data)
    assert set(page.context["form"].errors) == {"person", "kind", "starts_on"}


def test_last_day_before_the_first_is_refused_and_a_later_one_ends_the_role(
    project, coach, staff_client
):
    role = roles_in(project).get()
    address = url("role-end", project.pk, role.pk)
    page = staff_client.post(address, date_boxes("ends_on", date(2021, 1, 1)))
    assert list(page.context["form"].errors) == ["ends_on"]
    yesterday = timezone.localdate() - timedelta(days=1)
    staff_client.post(address, date_boxes("ends_on", yesterday))
    assert not coach.has_perm("projects.view_project", project)
    assert history_of(project, 1)[0].text == "Ended the role “Improvement coach” of somebody"
    assert "(over)" in staff_client.get(url("people", project.pk)).content.decode()


def test_project_tells_of_a_role_that_was_ended_from_the_page_of_people(project, coach, manager):
    role = roles_in(project).get()
    ahead = timezone.localdate() + timedelta(days=30)
    set_last_day(role=role, ends_on=ahead, by=manager, now=timezone.now())
    changed = history_of(project, 1)[0].text
    assert changed.startswith("Changed until when somebody has the role “Improvement coach”; from")
    assert changed.endswith(f"to {short_date(ahead)}")


def test_nobody_gets_a_role_in_a_project_that_is_over(project, coach, staff, staff_client):
    role = roles_in(project).get()
    stop(obj=project, by=staff, now=timezone.now(), reason="No money.")
    other = UserFactory()
    data = {"person": other.email, "kind": "improvement_coach"}
    data |= date_boxes("starts_on", timezone.localdate())
    page = staff_client.post(url("role-add", project.pk), data)
    assert "This project is over" in page.content.decode()
    assert not other.roles.exists()
    # Nor does one that has lapsed come back with a later last day.
    address = url("role-end", project.pk, role.pk)
    assert staff_client.post(address, date_boxes("ends_on", date(2031, 1, 1))).status_code == 404
    assert not scopes_of(RoleKind.IMPROVEMENT_COACH).filter(pk=project.pk).exists()


def test_an_invitation_into_a_project_that_is_over_meanwhile_is_refused(project, staff, manager):
    now, kind = timezone.now(), RoleKind.IMPROVEMENT_COACH
    _row, token = make_invitation(
        email="new@example.org", kind=kind, scope=project, by=manager, now=now
    )
    stop(obj=project, by=staff, now=now, reason="No money.")
    with pytest.raises(InvitationNotUsable, match="over by now"):
        accept_invitation(token=token, by=AnonymousUser(), preferred_name="Nia", now=now)
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_role_that_was_given_for_later_holds_from_today_when_it_is_given_again(staff):
    now, person = timezone.now(), UserFactory()
    given = {"person": person, "kind": RoleKind.PROGRAMME_STAFF, "by": staff, "now": now}
    grant_role(**given, starts_on=timezone.localdate() + timedelta(days=90))
    role = grant_role(**given)
    assert person.roles.get() == role
    assert role.starts_on == timezone.localdate()


def test_a_role_in_another_project_is_not_found(project, coach, staff_client):
    role = roles_in(project).get()
    other = ProjectFactory(model=DeliveryModel.DEMONSTRATOR)
    assert staff_client.get(url("role-end", other.pk, role.pk)).status_code == 404


def test_stopping_a_project_ends_the_roles_in_it(project, coach, staff):
    assert coach.has_perm("projects.view_project", project)
    stop(obj=project, by=staff, now=timezone.now(), reason="No money.")
    coach.__dict__.pop("current_roles", None)
    assert not coach.has_perm("projects.view_project", project)
    said = [event.text for event in history_of(project, 5)]
    assert "Ended the role “Improvement coach” of somebody" in said
    let_roles_lapse(project, staff, timezone.now())
    assert roles_in(project).count() == 1


def test_list_of_people_costs_the_same_queries_for_1_and_for_30(project, staff, staff_client):
    counts = []
    for more in [1, 29]:
        for person in UserFactory.create_batch(more):
            give_role(
                project=project,
                person=person,
                kind=RoleKind.IMPROVEMENT_COACH,
                starts_on=date(2022, 1, 1),
                ends_on=None,
                by=staff,
                now=timezone.now(),
            )
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(url("people", project.pk))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8
