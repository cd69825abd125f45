"""Versions of what was on a page, and saving details under one."""

import pytest

from core.audit import entries_of
from core.versions import ChangedMeanwhile, details_of, save_details, version_of
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import ProjectFactory, TopicFactory

NAMES = ["name", "place"]


def save(organisation, values, seen, by, now):
    return save_details(obj=organisation, values=values, seen=seen, by=by, now=now)


def test_version_is_that_of_the_values_in_whatever_order():
    assert version_of({"a": 1, "b": "x"}) == version_of({"b": "x", "a": 1})
    assert version_of({"a": 1}) != version_of({"a": 2})


@pytest.mark.django_db
def test_details_of_related_rows_are_their_keys():
    host, topic = OrganisationFactory(), TopicFactory()
    project = ProjectFactory(host=host, title="A")
    project.topics.add(topic)
    found = details_of(project, ["title", "host", "topics", "lead"])
    assert found == {"title": "A", "host": host.pk, "topics": [topic.pk], "lead": None}


@pytest.mark.django_db
def test_second_of_two_is_told_and_saves_with_what_stands_now(staff, now):
    organisation = OrganisationFactory(name="Old", place="Leeds")
    seen = version_of(details_of(organisation, NAMES))
    save(organisation, {"name": "First", "place": "Leeds"}, seen, staff, now)
    second = {"name": "Second", "place": "Leeds"}
    with pytest.raises(ChangedMeanwhile) as problem:
        save(organisation, second, seen, staff, now)
    assert save(organisation, second, problem.value.seen, staff, now).name == "Second"
    assert [entry.changes["name"] for entry in entries_of(organisation)] == [
        ["Old", "First"],
        ["First", "Second"],
    ]


@pytest.mark.django_db
def test_same_details_saved_twice_are_saved_once(staff, now):
    organisation = OrganisationFactory(name="Old", place="Leeds")
    seen = version_of(details_of(organisation, NAMES))
    for _click in range(2):
        save(organisation, {"name": "New", "place": "York"}, seen, staff, now)
    assert entries_of(organisation).count() == 1
