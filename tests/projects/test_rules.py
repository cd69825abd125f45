"""Who may see and change projects; lists and single objects agree."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import RoleKind
from projects.enums import Audience, DeliveryModel, UpdateState
from projects.models import Contribution, Project, Update
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import ContributionFactory, ProjectFactory, UpdateFactory

pytestmark = pytest.mark.django_db

PROGRAMME = {
    RoleKind.PROGRAMME_STAFF,
    RoleKind.PROGRAMME_MANAGER,
    RoleKind.ENGAGEMENT_LEAD,
    RoleKind.NETWORKS_LEAD,
    RoleKind.NETWORKS_MANAGER,
    RoleKind.LEADERSHIP,
}
TEAM = {RoleKind.PROGRAMME_STAFF, RoleKind.PROGRAMME_MANAGER}
NETWORKS = {RoleKind.NETWORKS_LEAD, RoleKind.NETWORKS_MANAGER}


@pytest.mark.parametrize("kind", sorted(PROGRAMME))
@pytest.mark.parametrize("model", [DeliveryModel.NETWORK, DeliveryModel.GUIDE])
def test_programme_roles_see_all_and_change_what_they_run(kind, model):
    project = ProjectFactory(model=model)
    user = person_with(kind)
    runs = kind in TEAM or (kind in NETWORKS and model == DeliveryModel.NETWORK)
    granted = {
        name: user.has_perm(f"projects.{name}", project)
        for name in ["view_project", "change_project", "change_status", "publish_update"]
    }
    assert granted == {
        "view_project": True,
        "change_project": runs,
        "change_status": runs,
        "publish_update": runs,
    }
    assert user.has_perm("projects.view_programme")
    assert user.has_perm("projects.add_project") is (kind in TEAM)
    assert user.has_perm("projects.add_contribution") is (kind in TEAM)


def test_lead_on_the_staff_may_change_and_former_staff_may_not():
    lead, former = person_with(RoleKind.ENGAGEMENT_LEAD), UserFactory()
    assert lead.has_perm("projects.change_project", ProjectFactory(model="guide", lead=lead))
    project = ProjectFactory(model="guide", lead=former)
    assert not former.has_perm("projects.change_project", project)


def _people():
    host, other_host = OrganisationFactory(), OrganisationFactory()
    own, other = ProjectFactory(host=host), ProjectFactory(host=other_host)
    return own, [
        person_with(RoleKind.PARTNER_CONTACT, host),
        person_with(RoleKind.IMPROVEMENT_COACH, own),
        person_with(RoleKind.FACILITATOR, own),
        person_with(RoleKind.PARTNER_CONTACT, other_host),
        person_with(RoleKind.IMPROVEMENT_COACH, other),
        person_with(RoleKind.ASSESSOR, host),
        person_with(RoleKind.LEADERSHIP),
        UserFactory(),
    ]


def test_list_of_visible_projects_agrees_with_the_rule_for_one():
    own, people = _people()
    ProjectFactory()
    for user in people:
        listed = set(Project.objects.visible_to(user))
        allowed = {p for p in Project.objects.all() if user.has_perm("projects.view_project", p)}
        assert listed == allowed
    seen = [own in Project.objects.visible_to(user) for user in people]
    assert seen == [True, True, True, False, False, False, True, False]


def test_people_with_a_part_in_it_see_but_change_nothing():
    own, people = _people()
    for user in people[:3]:
        assert not user.has_perm("projects.view_programme")
        assert not user.has_perm("projects.change_project", own)


def test_list_of_visible_updates_agrees_with_the_rule_for_one(now):
    UpdateFactory(audience=Audience.INTERNAL)
    UpdateFactory(state=UpdateState.PUBLISHED, published_at=now, audience=Audience.INTERNAL)
    public = UpdateFactory(state=UpdateState.PUBLISHED, published_at=now)
    for user in [person_with(RoleKind.LEADERSHIP), UserFactory()]:
        allowed = {u for u in Update.objects.all() if user.has_perm("projects.view_update", u)}
        assert set(Update.objects.visible_to(user)) == allowed
    assert set(Update.objects.visible_to(UserFactory())) == {public}


def test_contributions_are_for_those_who_see_the_programme():
    contribution = ContributionFactory()
    assert list(Contribution.objects.visible_to(person_with(RoleKind.LEADERSHIP))) == [contribution]
    assert list(Contribution.objects.visible_to(UserFactory())) == []


def test_anonymous_visitor_holds_no_permission():
    project = ProjectFactory()
    for name in ["view_programme", "view_project", "change_project", "add_project"]:
        assert not AnonymousUser().has_perm(f"projects.{name}", project)
