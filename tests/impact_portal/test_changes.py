"""What changed since somebody was here: what they may know of, and since when."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from expressions import transitions as expression_steps
from impact_portal import changes
from partners import services, transitions
from projects import transitions as project_steps
from tests.accounts.factories import UserFactory
from tests.expressions.factories import ExpressionFactory, SubmittedFactory
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def eligible(manager):
    """An expression that a manager has just found eligible."""
    expression = SubmittedFactory()
    expression_steps.mark_eligible(obj=expression, by=manager, now=timezone.now())
    return expression


def shown(client, **headers):
    return client.get(reverse("changes"), **headers).context["changes"]


def test_staff_see_what_others_did_and_not_what_they_did_themselves(client, staff, eligible):
    client.force_login(staff)
    own = SubmittedFactory()
    expression_steps.mark_eligible(obj=own, by=staff, now=timezone.now())
    assert [(change.title, change.state) for change in shown(client)] == [
        (f"{eligible.organisation}, {eligible.reference}", "Eligible")
    ]


def test_an_organisation_is_not_told_of_the_check_before_its_letter(client, eligible):
    client.force_login(contact_of(eligible.organisation))
    assert shown(client) == []


def test_an_organisation_sees_what_a_colleague_did_and_another_does_not(client):
    expression = ExpressionFactory()
    colleague, reader = contact_of(expression.organisation), contact_of(expression.organisation)
    expression_steps.withdraw(obj=expression, by=colleague, now=timezone.now())
    client.force_login(reader)
    assert [change.state for change in shown(client)] == ["Withdrawn"]
    client.force_login(contact_of(SubmittedFactory().organisation))
    assert shown(client) == []


def test_a_thing_that_changed_twice_is_listed_once_as_it_stands_now(client, staff, manager):
    project = ProjectFactory()
    for step in (project_steps.set_up, project_steps.go_live):
        step(obj=project, by=manager, now=timezone.now(), reason="Agreed")
    client.force_login(staff)
    assert [change.state for change in shown(client)] == ["Live"]


def test_what_was_seen_on_an_earlier_visit_is_not_new(client, staff, eligible):
    client.force_login(staff)
    now = timezone.now()
    assert len(shown(client)) == 1
    with time_machine.travel(now + timedelta(minutes=10)):
        assert len(shown(client)) == 1, "the same visit"
    with time_machine.travel(now + timedelta(hours=2)):
        assert shown(client) == []


def test_another_person_on_the_same_device_starts_afresh(client, staff, manager, eligible):
    client.force_login(manager)
    shown(client)
    held = client.cookies[changes.COOKIE].value
    client.force_login(staff)
    client.cookies[changes.COOKIE] = held
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        client.force_login(staff)
        assert len(shown(client)) == 1


@pytest.mark.parametrize("spoilt", ["x", "2022-01-01T00:00:00+00:00 now:aa:bb", ""])
def test_a_spoilt_cookie_is_no_cookie(client, staff, eligible, spoilt):
    client.force_login(staff)
    client.cookies[changes.COOKIE] = spoilt
    assert len(shown(client)) == 1


def test_number_of_queries_does_not_grow_with_changes(
    client, staff, manager, django_assert_max_num_queries
):
    client.force_login(staff)
    for count in (1, 30):
        for _n in range(count):
            expression_steps.mark_eligible(obj=SubmittedFactory(), by=manager, now=timezone.now())
        with django_assert_max_num_queries(6):
            shown(client)


def test_the_home_page_loads_them_as_a_part_and_links_to_them(client, staff, eligible):
    client.force_login(staff)
    home = client.get(reverse("home")).content.decode()
    assert f'hx-get="{reverse("changes")}"' in home
    part = client.get(reverse("changes"), headers={"HX-Request": "true"}).content.decode()
    assert eligible.reference in part
    assert "<html" not in part


def test_the_home_page_shows_the_newest_few_and_says_how_many_more(client, staff, manager):
    for _n in range(changes.ON_HOME + 2):
        expression_steps.mark_eligible(obj=SubmittedFactory(), by=manager, now=timezone.now())
    client.force_login(staff)
    part = client.get(reverse("changes"), headers={"HX-Request": "true"})
    assert len(part.context["changes"]) == changes.ON_HOME
    assert "See 2 more changes" in part.content.decode()


def test_who_is_let_into_an_organisation_reads_so_and_nothing_like_an_offer(client, manager):
    organisation = OrganisationFactory(name="Harbour support")
    person, now = UserFactory(), timezone.now()
    asked = services.ask_to_join(obj=organisation, by=person, now=now)
    transitions.accept(obj=asked, by=manager, now=now)
    client.force_login(User.objects.get(pk=person.pk))
    assert [(one.title, one.state) for one in shown(client)] == [
        ("Harbour support", "You speak for this organisation now")
    ]
