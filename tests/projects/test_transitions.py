"""The statuses of a project and of an update: allowed, refused, twice, and what follows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.enums import RoleKind
from core.audit import entries_of
from core.models import Transition
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from notifications.models import Message
from projects.enums import ProjectState, UpdateState
from projects.models import Project, Update
from projects.transitions import PROJECT_FUNCTIONS, PROJECT_STEPS, publish, take_down
from tests.accounts.factories import person_with
from tests.projects.factories import ProjectFactory, UpdateFactory

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("proposed", "set_up"): "setting_up",
    ("setting_up", "go_live"): "live",
    ("live", "complete"): "completing",
    ("completing", "close"): "closed",
    ("proposed", "stop"): "stopped",
    ("setting_up", "stop"): "stopped",
    ("live", "stop"): "stopped",
    ("completing", "stop"): "stopped",
    ("stopped", "restart"): "setting_up",
}


@pytest.mark.parametrize("state", ProjectState.values)
@pytest.mark.parametrize("name", sorted(PROJECT_FUNCTIONS))
def test_each_step_from_each_status(state, name, staff, now):
    project = ProjectFactory(state=state)
    take = PROJECT_FUNCTIONS[name]
    if (state, name) in ALLOWED:
        assert take(obj=project, by=staff, now=now, reason="So.").state == ALLOWED[state, name]
        row = transitions_of(project).get()
        assert (row.source, row.step, row.reason, row.by) == (state, name, "So.", staff)
    elif state == PROJECT_STEPS[name].target:
        assert take(obj=project, by=staff, now=now, reason="So.").state == state
        assert not transitions_of(project).exists()
    else:
        with pytest.raises(TransitionNotAllowed):
            take(obj=project, by=staff, now=now, reason="So.")
        assert Project.objects.get().state == state


def test_status_does_not_change_without_a_reason(staff, now):
    project = ProjectFactory()
    with pytest.raises(ReasonRequired):
        PROJECT_FUNCTIONS["set_up"](obj=project, by=staff, now=now, reason="  ")
    assert Project.objects.get().state == ProjectState.PROPOSED


def test_status_is_not_changed_by_those_who_only_read(now):
    leadership = person_with(RoleKind.LEADERSHIP)
    with pytest.raises(PermissionDenied):
        PROJECT_FUNCTIONS["set_up"](obj=ProjectFactory(), by=leadership, now=now, reason="So.")
    assert not Transition.objects.exists()


def test_lead_is_told_of_a_change_by_somebody_else(staff, manager, now):
    project = ProjectFactory(lead=manager, title="Falls & fresh air")
    PROJECT_FUNCTIONS["set_up"](obj=project, by=staff, now=now, reason="It's agreed.")
    message = Message.objects.get()
    assert message.recipient == manager
    assert message.subject == "“Falls & fresh air” is now: Setting up"
    assert "It's agreed." in message.body
    assert project.get_absolute_url() in message.body


def test_lead_is_not_told_of_their_own_change(staff, now):
    PROJECT_FUNCTIONS["set_up"](obj=ProjectFactory(lead=staff), by=staff, now=now, reason="So.")
    assert not Message.objects.exists()


def test_publishing_stamps_who_and_when_and_notes_it_in_the_project(staff, now):
    update = publish(obj=UpdateFactory(title="News"), by=staff, now=now)
    assert (update.state, update.published_at, update.published_by) == ("published", now, staff)
    assert entries_of(update.project).get().changes == {"update_publish": ["", "News"]}


def test_publishing_twice_publishes_once(staff, manager, now):
    update = UpdateFactory()
    publish(obj=update, by=staff, now=now)
    again = publish(obj=update, by=manager, now=now)
    assert again.published_by == staff
    assert transitions_of(update).count() == 1
    assert entries_of(update.project).count() == 1


def test_taking_down_needs_a_reason_and_makes_a_draft(staff, now):
    update = publish(obj=UpdateFactory(), by=staff, now=now)
    with pytest.raises(ReasonRequired):
        take_down(obj=update, by=staff, now=now)
    update = take_down(obj=update, by=staff, now=now, reason="A wrong date.")
    assert (update.state, update.published_at, update.published_by) == ("draft", None, None)


def test_update_is_not_published_by_those_who_only_read(now):
    with pytest.raises(PermissionDenied):
        publish(obj=UpdateFactory(), by=person_with(RoleKind.LEADERSHIP), now=now)
    assert Update.objects.get().state == UpdateState.DRAFT


@pytest.mark.parametrize(
    "wrong",
    [
        lambda user, now: {"published_at": now},
        lambda user, now: {"published_by": user},
        lambda user, now: {"state": UpdateState.PUBLISHED},
    ],
)
def test_database_refuses_half_of_a_publication(staff, now, wrong):
    update = UpdateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(**wrong(staff, now))
