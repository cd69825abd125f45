"""The loaded programme: facts, marks of what is made up, and a second run that changes nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.models import AuditEntry, Transition
from impact_portal.programme import people, projects
from impact_portal.programme.frame import Programme
from notifications.models import Message
from partners.models import Organisation
from projects.enums import Audience, DeliveryModel, UpdateState
from projects.models import (
    Contribution,
    Milestone,
    Objective,
    Phase,
    Project,
    RagChange,
    Topic,
    Update,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/London"))


def _load(now=NOW):
    programme = Programme(now=now)
    people.load(programme)
    projects.load(programme)
    return programme


@pytest.fixture
def loaded(db):
    return _load()


def test_phases_and_objectives_are_those_of_the_centre(loaded):
    assert list(Phase.objects.values_list("name", "starts_on", "ends_on")) == [
        ("Co-development", None, None),
        ("Establishment", date(2022, 1, 1), date(2022, 12, 31)),
        ("Delivery", date(2023, 1, 1), date(2027, 12, 31)),
    ]
    texts = list(Objective.objects.values_list("text", flat=True))
    assert len(texts) == 4
    assert texts[3] == (
        "Improving understanding of the factors which help and hinder the implementation of"
        " evidence in practice, and using this to overcome longstanding barriers to positive change"
    )


def test_topics_of_2023_are_the_four(loaded):
    assert set(Topic.objects.filter(year=2023).values_list("title", "state")) == {
        ("Prevention and well-being", "in_programme"),
        ("Assets-based and person-centred care", "in_programme"),
        ("Carers’ health and well-being", "in_programme"),
        ("Support for people who work in social care", "in_programme"),
    }
    planned = Topic.objects.filter(state="suggested").values_list("title", flat=True)
    assert set(planned) == {"Anti-racism", "Discrimination and abuse of staff"}


def test_real_projects_are_three_with_one_public_update_each(loaded):
    real = Project.objects.filter(is_example=False).order_by("slug")
    assert [(p.slug, p.model, len(p.nations), str(p.host or "")) for p in real] == [
        (
            "asset-based-approaches-mid-and-east-antrim",
            "demonstrator",
            1,
            "Mid and East Antrim Agewell Partnership",
        ),
        ("choice-and-control-in-supported-living", "network", 4, ""),
        ("recruitment-and-retention-guide", "guide", 4, ""),
    ]
    updates = Update.objects.filter(is_example=False)
    assert updates.count() == 3
    assert {(u.audience, u.state) for u in updates} == {(Audience.PUBLIC, UpdateState.PUBLISHED)}
    assert not Milestone.objects.filter(is_example=False, due_on__isnull=False).exists()


def test_what_is_made_up_is_marked(loaded):
    real = Project.objects.filter(is_example=False)
    assert Project.objects.filter(is_example=True).count() == 13
    assert Project.objects.filter(model=DeliveryModel.FACILITATOR, is_example=False).count() == 0
    for model in [Milestone, Update]:
        assert not model.objects.filter(is_example=False).exclude(project__in=real).exists()
    assert not RagChange.objects.filter(is_example=False).exists()
    real_partners = Organisation.objects.filter(is_example=False).values_list("name", flat=True)
    assert set(real_partners) == {
        "Devon",
        "Mid and East Antrim Agewell Partnership",
        "Rayne Foundation",
    }


def test_contributions_are_the_four_of_the_centre(loaded):
    assert set(Contribution.objects.values_list("kind", "happened_on", "partner__name")) == {
        ("event", date(2022, 10, 3), None),
        ("campaign", None, "Devon"),
        ("round_table", None, None),
        ("programme", None, "Rayne Foundation"),
    }


def test_every_filter_of_the_list_has_something_to_find(loaded):
    assert set(Project.objects.values_list("state", flat=True)) == {
        "proposed", "setting_up", "live", "completing", "closed", "stopped",
    }  # fmt: skip
    assert set(Project.objects.values_list("rag", flat=True)) == {"", "green", "amber", "red"}
    assert Milestone.objects.late(NOW.date()).exists()


def _everything():
    logs = [Transition.objects.count(), AuditEntry.objects.count(), Message.objects.count()]
    parts = [Project, Milestone, Update, RagChange, Contribution, Topic, Organisation]
    return logs + [model.objects.count() for model in parts]


def test_second_run_changes_nothing_and_sends_nothing(loaded):
    before = _everything()
    later = _load(NOW.replace(month=4))
    assert later.made == 0
    assert _everything() == before
    assert Message.objects.count() == 0


def test_second_run_leaves_what_people_changed(loaded):
    project = Project.objects.get(slug="choice-and-control-in-supported-living")
    project.nation_rows.filter(nation="wales").delete()
    Project.objects.filter(pk=project.pk).update(title="Changed by hand")
    _load()
    project.refresh_from_db()
    assert (project.title, len(project.nations)) == ("Changed by hand", 3)
