"""The first Demonstrator as it is loaded: facts, examples, and no change by a second run."""

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.enums import RoleKind
from accounts.models import Role
from demonstrators.coverage import coverage
from demonstrators.models import Demonstrator, SiteMove
from impact_portal.programme import demonstrators, people
from impact_portal.programme.frame import Programme
from partners.models import Organisation
from projects.enums import DeliveryModel
from projects.models import Project
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(now):
    programme = Programme(now=now)
    people.load(programme)
    demonstrators.load(programme)
    return Demonstrator.objects.get()


def test_real_facts_stand_as_in_the_sources(loaded):
    assert loaded.project.host.name == "Mid and East Antrim Agewell Partnership"
    assert (loaded.place, loaded.site_plural) == ("Mid and East Antrim", "general practices")
    assert not loaded.is_example
    assert list(loaded.posts.values_list("title", "state", "employer__name")) == [
        ("Improvement coach", "filled", None),
        ("Second improvement coach", "planned", "University of Ulster"),
    ]


def test_practices_are_examples_and_most_but_not_all_take_part(loaded, now):
    names = loaded.sites.values_list("name", flat=True)
    assert all(name.startswith("Example Practice ") for name in names)
    assert set(loaded.sites.values_list("is_example", flat=True)) == {True}
    assert set(SiteMove.objects.values_list("is_example", flat=True)) == {True}
    assert coverage(loaded, now).share == "23 of 31"


def test_improvement_coach_holds_the_role_in_the_project(loaded):
    role = Role.objects.get(person__email="improvement.coach@example.org")
    project_type = ContentType.objects.get_for_model(Project)
    assert (role.kind, role.scope_type, role.scope_id) == (
        RoleKind.IMPROVEMENT_COACH,
        project_type,
        loaded.project_id,
    )


def test_second_run_changes_nothing(loaded, now):
    again = Programme(now=now)
    people.load(again)
    moves = SiteMove.objects.count()
    demonstrators.load(again)
    assert (again.made, SiteMove.objects.count()) == (0, moves)


def test_project_that_is_there_already_is_taken(now):
    host = Organisation.objects.create(name="Mid and East Antrim Agewell Partnership")
    project = ProjectFactory(model=DeliveryModel.DEMONSTRATOR, host=host)
    demonstrators.load(Programme(now=now))
    assert Demonstrator.objects.get().project == project
