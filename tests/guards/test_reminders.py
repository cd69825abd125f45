"""Every reminder rule runs twice over the loaded programme; the guard finds planted faults."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format

from notifications.registry import ReminderRule, reminder_rules
from projects.models import Milestone
from projects.notifications import MILESTONE_LATE
from tests.projects.factories import MilestoneFactory
from tests.support.checks import reminders

pytestmark = pytest.mark.django_db

# The open call, the coming meetings and the open proposals are placed around the day of loading;
# within two months each rule of the programme has come due.
DAYS = 60


def test_every_rule_queues_each_reminder_once_however_often_it_runs():
    call_command("load_programme", verbosity=0)
    began = timezone.now()
    moments = [began + timedelta(days=day) for day in range(0, DAYS, 2)]
    assert reminders.queued_twice(moments) == []
    assert reminders.never_due() == []


@pytest.fixture
def plant(staff):
    """Puts one rule in the place of all: about every milestone, with a period of one's choice."""
    others = dict(reminder_rules._entries)
    MilestoneFactory()

    def planted(period, due=Milestone.objects.all):
        rule = ReminderRule(
            kind=MILESTONE_LATE,
            due=lambda now: due(),
            recipients=lambda milestones: [(milestone, staff) for milestone in milestones],
            skip_reason=lambda milestone, now: None,
            period=period,
            context=lambda milestone, person: {"project": milestone.project, "path": "/"},
        )
        reminder_rules._entries.clear()
        reminder_rules.add(rule.kind.name, rule)

    yield planted
    reminder_rules._entries.clear()
    reminder_rules._entries.update(others)


def test_rule_with_a_steady_period_passes(plant, now):
    plant(lambda milestone: "once")
    assert reminders.queued_twice([now, now]) == []


def test_planted_rule_whose_period_moves_is_found(plant, now):
    numbers = count()
    plant(lambda milestone: str(next(numbers)))
    assert reminders.queued_twice([now]) == [MILESTONE_LATE.name]


def test_planted_rule_whose_period_hangs_on_the_language_is_found(plant, now):
    plant(lambda milestone: date_format(now, "l"))
    assert reminders.queued_twice([now]) == [MILESTONE_LATE.name]


def test_planted_rule_that_is_never_due_is_found(plant, now):
    plant(lambda milestone: "", due=Milestone.objects.none)
    reminders.queued_twice([now])
    assert reminders.never_due() == [MILESTONE_LATE.name]
