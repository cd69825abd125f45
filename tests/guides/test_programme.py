"""The guide, the library and the priorities as the sources have them."""

import pytest

from guides.models import Consideration, Guide, Resource, SignOff, UseFeedback, WorkforcePriority
from impact_portal.programme import guides, people, projects
from impact_portal.programme.frame import Programme
from projects.models import Project

pytestmark = pytest.mark.django_db


def load(now):
    programme = Programme(now=now)
    people.load(programme)
    projects.load(programme)
    before = programme.made
    guides.load(programme)
    return programme.made - before


def test_the_first_guide_is_out_and_belongs_to_its_project(now):
    load(now)
    guide = Guide.objects.get()
    assert list(Guide.objects.public()) == [guide]
    assert guide.title == "Recruitment and retention of staff in social care"
    assert guide.project == Project.objects.get(slug="recruitment-and-retention-guide")
    assert Project.objects.filter(title=guide.title).count() == 1


def test_the_priorities_are_the_five_with_three_empty_sign_offs_each(now):
    load(now)
    assert [row.title for row in WorkforcePriority.objects.all()] == [
        "Strategic workforce planning",
        "Growing and developing the workforce",
        "Enhancing the use of technology",
        "Supporting wellbeing and positive mental health",
        "Building and enhancing social justice, equality, diversity and inclusion in the workforce",
    ]
    assert SignOff.objects.count() == 15
    assert not SignOff.objects.exclude(agreed_on=None).exists()


def test_every_resource_of_the_source_is_there_with_its_owner(now):
    load(now)
    assert Resource.objects.count() == 14
    assert not Resource.objects.filter(owner=None).exists()
    assert not Resource.objects.filter(is_example=True).exists()


def test_what_the_sources_do_not_give_is_marked_as_example(now):
    load(now)
    for model in [Consideration, UseFeedback]:
        assert model.objects.count() == model.objects.filter(is_example=True).count() > 0


def test_loading_again_changes_nothing(now):
    assert load(now) > 0
    assert load(now) == 0
