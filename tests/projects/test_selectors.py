"""What waits for staff, what a project's page shows to whom, and its history in words."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import RoleKind
from projects import services
from projects.enums import Audience, ProjectState, Rag
from projects.history import history_of
from projects.models import Milestone, Project
from projects.reminders import MILESTONE_LATE_RULE as RULE
from projects.selectors import data_about, project_page, status_steps, todo_for
from projects.transitions import publish, set_up, stop
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    ContributionFactory,
    LearningFactory,
    MilestoneFactory,
    OutcomeFactory,
    ProjectFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def _late(now, days=1, **fields):
    return MilestoneFactory(due_on=now.date() - timedelta(days=days), **fields)


def _told(items):
    return [(str(item.text), item.count) for item in items]


def test_milestone_is_late_from_the_day_after_it_was_due(now):
    late = _late(now)
    MilestoneFactory(due_on=now.date())
    MilestoneFactory(due_on=None)
    _late(now, done_on=now.date())
    _late(now, project=ProjectFactory(state=ProjectState.CLOSED))
    _late(now, project=ProjectFactory(state=ProjectState.STOPPED))
    assert list(Milestone.objects.late(now.date())) == [late]


def test_todo_of_the_programme_team_is_of_the_whole_programme(staff, now):
    _late(now, days=4)
    _late(now, days=9)
    ProjectFactory(rag=Rag.RED)
    ProjectFactory(rag=Rag.RED, state=ProjectState.CLOSED)
    draft = UpdateFactory(written_by=staff, title="News")
    UpdateFactory(written_by=UserFactory())
    items = todo_for(staff, now)
    assert _told(items) == [
        ("late milestones", 2),
        ("project is off track", 1),
        ("draft of an update to finish", 1),
    ]
    assert (items[0].due, items[0].is_late) == (now.date() - timedelta(days=9), True)
    assert items[2].url == draft.get_absolute_url()


def test_todo_link_to_projects_off_track_lists_as_many(staff_client, staff, now):
    ProjectFactory(rag=Rag.RED)
    ProjectFactory(rag=Rag.RED, state=ProjectState.STOPPED)
    (item,) = todo_for(staff, now)
    assert staff_client.get(item.url).context["page"].count == item.count == 1


def test_todo_of_other_staff_is_of_the_projects_they_lead(now):
    lead = person_with(RoleKind.NETWORKS_LEAD)
    _late(now, project=ProjectFactory(lead=lead))
    _late(now)
    ProjectFactory(rag=Rag.RED)
    assert _told(todo_for(lead, now)) == [("late milestone", 1)]


def test_todo_asks_three_queries_of_staff_and_none_of_others(staff, now, django_assert_num_queries):
    for _ in range(5):
        UpdateFactory(written_by=staff)
        _late(now)
    others = [UserFactory(), person_with(RoleKind.LEADERSHIP)]
    for person in [staff, *others]:
        assert person.current_roles is not None
    with django_assert_num_queries(3):
        assert _told(todo_for(staff, now))[-1] == ("drafts of updates to finish", 5)
    with django_assert_num_queries(0):
        assert [todo_for(person, now) for person in [*others, AnonymousUser()]] == [[], [], []]


def _full_project(staff, now):
    project = ProjectFactory(host=OrganisationFactory())
    for audience in Audience.values:
        publish(obj=UpdateFactory(project=project, audience=audience), by=staff, now=now)
    UpdateFactory(project=project)
    _late(now, project=project)
    MilestoneFactory(project=project, done_on=now.date(), stage="sustaining")
    LearningFactory(project=project)
    OutcomeFactory(project=project)
    ContributionFactory(project=project)
    return project


def test_page_shows_staff_everything(staff, now):
    shown = project_page(_full_project(staff, now), staff, now)
    assert (len(shown.updates), len(shown.helped), len(shown.hindered)) == (3, 1, 0)
    assert (len(shown.outcomes), len(shown.contributions), shown.internal) == (1, 1, True)
    assert (shown.late, shown.done, shown.total) == (1, 1, 2)
    assert [len(stage.milestones) for stage in shown.stages] == [1, 0, 0, 0, 0, 0, 1]
    assert shown.nations == ["Wales"]


def test_page_keeps_the_teams_own_words_from_the_host(staff, now):
    project = _full_project(staff, now)
    services.set_rag(obj=project, rag=Rag.RED, reason="Private.", by=staff, now=now)
    shown = project_page(project, person_with(RoleKind.PARTNER_CONTACT, project.host), now)
    assert [update.audience for update in shown.updates] == [Audience.PUBLIC]
    assert (shown.internal, shown.helped, shown.history) == (False, [], [])


def test_status_steps_say_what_is_done_and_where_it_stands():
    places = [step.place for step in status_steps(Project(model="guide", state=ProjectState.LIVE))]
    assert places == ["done", "done", "current", "to_come", "to_come"]
    assert status_steps(Project(model="guide", state=ProjectState.STOPPED)) == []


def test_history_tells_everything_in_words_newest_first(staff, now):
    project = services.create_project(
        title="Old", model="guide", nations=["wales"], by=staff, now=now
    )
    set_up(obj=project, by=staff, now=now + timedelta(hours=1), reason="Agreed.")
    later = now + timedelta(hours=2)
    services.set_rag(obj=project, rag=Rag.GREEN, reason="Fine.", by=staff, now=later)
    services.set_rag(
        obj=project, rag=Rag.RED, reason="Late.", by=None, now=later + timedelta(hours=1)
    )
    publish(obj=UpdateFactory(project=project, title="N"), by=staff, now=now + timedelta(hours=4))
    project.refresh_from_db()
    told = [(event.text, event.who, event.reason) for event in history_of(project, 10)]
    me = str(staff)
    assert told == [
        ("Published the update “N”", me, ""),
        ("How it is going: from “On track” to “Off track”", "", "Late."),
        ("How it is going: “On track”", me, "Fine."),
        ("Status changed from “Proposed” to “Setting up”", me, "Agreed."),
        ("Project added", me, ""),
    ]
    assert [event.text for event in history_of(project, 2)] == [text for text, *_ in told[:2]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"milestone": ["", "M"]}, "Added the milestone “M”"),
        ({"milestone": ["M", ""]}, "Removed the milestone “M”"),
        ({"update": ["M", "N"]}, "Changed the draft “N”"),
        ({"milestone_done": ["", "M"]}, "Reached the milestone “M”"),
        ({"title": ["A", "B"]}, "Changed title from “A” to “B”"),
        ({"summary": ["", "B"]}, "Changed summary in plain words"),
        ({"nations": ["Wales", "England"]}, "Changed nations from “Wales” to “England”"),
    ],
)
def test_history_words_of_each_kind_of_change(change, words, staff, now):
    from core import audit
    from core.enums import AuditAction

    project = ProjectFactory()
    audit.record(action=AuditAction.CHANGED, obj=project, by=staff, now=now, changes=change)
    assert [event.text for event in history_of(project, 5)] == [words]


def test_reminder_of_a_late_milestone_goes_to_the_lead(staff, now):
    _late(now)
    milestone = _late(now, project=ProjectFactory(lead=staff))
    assert list(RULE.due(now)) == [milestone]
    assert RULE.recipients([milestone]) == [(milestone, staff)]
    assert RULE.skip_reason(milestone, now) is None


def test_reminder_is_dropped_when_its_reason_has_gone(staff, now):
    milestone = _late(now, project=ProjectFactory(lead=staff))
    assert RULE.period(milestone) == "2022-07-25"
    stop(obj=milestone.project, by=staff, now=now, reason="No money.")
    milestone = Milestone.objects.get()
    assert RULE.skip_reason(milestone, now) == "not_late"
    assert list(RULE.due(now)) == []


def test_reminder_is_queued_once_however_often_the_sweep_runs(staff, now):
    from notifications.models import Message
    from notifications.reminders import queue_due_reminders

    milestone = _late(now, title="Plan", project=ProjectFactory(lead=staff, title="Time & off"))
    for _ in range(2):
        queue_due_reminders(now=now)
    message = Message.objects.get(kind="projects.milestone_late")
    assert message.subject == "Late: Plan"
    assert "of the project “Time & off” was due on Monday 25 July 2022" in message.body
    assert milestone.project.get_absolute_url() in message.body


def test_copy_of_a_persons_data_names_what_they_did(staff, now):
    project = ProjectFactory(lead=staff, title="P")
    services.set_rag(obj=project, rag=Rag.GREEN, reason="Fine.", by=staff, now=now)
    UpdateFactory(written_by=staff, title="U", project=project)
    UpdateFactory(written_by=UserFactory())
    held = data_about(staff)
    assert held["projects_led"] == ["P"]
    assert held["updates_written_or_published"] == ["U"]
    assert [row["reason"] for row in held["said_how_a_project_is_going"]] == ["Fine."]
