"""The advisory group of the programme: facts of the source, example data marked, loaded once."""

import pytest
from django.core.management import call_command

from coproduction.models import Charter, ClauseText, Position, Proposal
from impact_portal.programme import coproduction, people
from impact_portal.programme.frame import Programme
from meetings.enums import MeetingState
from meetings.models import Group


def load(now):
    programme = Programme(now=now)
    people.load(programme)
    coproduction.load(programme)
    return programme


@pytest.fixture
def loaded(db, now):
    return load(now)


def test_loading_again_makes_nothing(loaded, now):
    assert load(now).made == 0


def test_charter_begins_with_the_knowns_unknowns_and_suggestions_of_the_source(loaded):
    found = list(ClauseText.objects.order_by("id").values_list("kind", "heading"))
    assert found == [
        ("known", "Our role"),
        ("known", "Structures"),
        ("known", "Definitions"),
        ("known", "Three meetings this year"),
        ("known", "The annual report"),
        ("unknown", "Topics"),
        ("unknown", "Schedule"),
        ("unknown", "Shared vision"),
        ("unknown", "Strengths and assets"),
        ("unknown", "Language"),
        ("unknown", "Barriers to participation"),
        ("suggestion", "Working together online"),
        ("suggestion", "Communicating"),
        ("suggestion", "Engaging"),
    ]
    version = Charter.objects.get().versions.get()
    assert (version.number, version.published_at, version.is_example) == (1, None, False)


def test_group_has_an_induction_meeting_held_and_three_meetings_marked_as_example(loaded):
    group = Group.objects.get(name="Co-production Advisory Group")
    meetings = list(group.meetings.values_list("title", "state", "is_example"))
    assert meetings == [
        ("Induction meeting", MeetingState.HELD, True),
        ("Second meeting of the year", MeetingState.PLANNED, True),
        ("Third meeting of the year", MeetingState.PLANNED, True),
    ]
    assert group.members.filter(is_example=True).count() == group.members.count() == 6


def test_one_example_proposal_is_open_with_some_positions(loaded):
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.is_example) == ("open", True)
    assert Position.objects.filter(is_private=True).count() == 1
    assert proposal.positions.count() == 4


def test_removing_example_data_leaves_the_charter_as_the_source_has_it(loaded):
    call_command("remove_example_data", "--yes", verbosity=0)
    assert Proposal.objects.count() == 0
    assert ClauseText.objects.count() == 14
