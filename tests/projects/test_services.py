"""Writes about projects and their parts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit import entries_of
from core.enums import Nation
from core.versions import ChangedMeanwhile
from notifications.models import Message
from projects import services
from projects.enums import Rag
from projects.models import Milestone, Project, ProjectNation, RagChange
from projects.transitions import publish
from tests.projects.factories import (
    ContributionFactory,
    MilestoneFactory,
    ProjectFactory,
    TopicFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def test_project_is_made_with_nations_topics_and_a_slug_of_its_own(staff, now):
    topic = TopicFactory()
    made = [
        services.create_project(
            title="Time off", model="guide", nations=["wales", "england"], topics=[topic],
            by=staff, now=now,
        )
        for _ in range(3)
    ]  # fmt: skip
    assert [project.slug for project in made] == ["time-off", "time-off-2", "time-off-3"]
    assert made[0].nations == ["england", "wales"]
    assert list(made[0].topics.all()) == [topic]
    assert entries_of(made[0]).get().by == staff


def test_project_sent_twice_with_one_key_is_made_once(staff, now):
    key = uuid4()
    first, second = (
        services.create_project(
            title="T", model="guide", nations=["wales"], by=staff, now=now, once_key=key
        )
        for _ in range(2)
    )
    assert first == second
    assert entries_of(first).count() == 1


def test_title_without_letters_still_gets_an_address(staff, now):
    project = services.create_project(title="؟", model="guide", nations=[], by=staff, now=now)
    assert project.slug == "project"


def test_nation_stands_once_in_a_project():
    project = ProjectFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectNation.objects.create(project=project, nation=Nation.WALES)


def _values(project, **changes):
    names = ["title", "model", "summary", "phase", "host", "lead", "starts_on", "ends_on"]
    values = {name: getattr(project, name) for name in [*names, "is_public"]}
    return {**values, "nations": project.nations, "topics": [], "objectives": [], **changes}


def test_change_is_noted_field_by_field(staff, now):
    project = ProjectFactory(title="Old", nations=[Nation.WALES])
    services.change_project(
        obj=project,
        values=_values(project, title="New", nations=["wales", "scotland"]),
        seen=services.facts_version(project),
        by=staff,
        now=now,
    )
    assert entries_of(project).get().changes == {
        "title": ["Old", "New"],
        "nations": ["Wales", "Scotland, Wales"],
    }


def test_nothing_is_noted_when_nothing_changed(staff, now):
    project = ProjectFactory()
    values = _values(project)
    services.change_project(obj=project, values=values, seen=None, by=staff, now=now)
    assert not entries_of(project).exists()


def test_second_of_two_who_edit_at_once_overwrites_nothing(staff, manager, now):
    project = ProjectFactory(title="Old")
    seen = services.facts_version(project)
    services.change_project(
        obj=project, values=_values(project, title="First"), seen=seen, by=staff, now=now
    )
    with pytest.raises(ChangedMeanwhile):
        services.change_project(
            obj=project, values=_values(project, title="Second"), seen=seen, by=manager, now=now
        )
    assert Project.objects.get().title == "First"


def test_word_on_how_it_goes_does_not_stop_somebody_who_edits_the_facts(staff, now):
    project = ProjectFactory(title="Old")
    seen = services.facts_version(project)
    services.set_rag(obj=project, rag=Rag.RED, reason="Late.", by=staff, now=now)
    values = _values(project, title="New")
    services.change_project(obj=project, values=values, seen=seen, by=staff, now=now)
    assert Project.objects.get().title == "New"


def test_how_it_goes_is_kept_with_reason_and_what_it_was_before(staff, now):
    project = ProjectFactory()
    services.set_rag(obj=project, rag=Rag.GREEN, reason="Fine.", by=staff, now=now)
    services.set_rag(obj=project, rag=Rag.RED, reason=" Late. ", by=staff, now=now)
    rows = RagChange.objects.values_list("rag_before", "rag", "reason", "by")
    assert list(rows) == [("", "green", "Fine.", staff.pk), ("green", "red", "Late.", staff.pk)]
    assert Project.objects.get().rag == Rag.RED


def test_how_it_goes_sent_twice_is_kept_once(staff, now):
    project = ProjectFactory()
    for _ in range(2):
        services.set_rag(obj=project, rag=Rag.GREEN, reason="Fine.", by=staff, now=now)
    assert RagChange.objects.count() == 1


def _add(project, key, staff, now):
    return services.add_part(
        model=Milestone,
        project=project,
        values={"title": "Meet", "stage": "engaging"},
        once_key=key,
        by=staff,
        now=now,
    )


def test_part_sent_twice_with_one_key_is_added_once(staff, now):
    project, key = ProjectFactory(), uuid4()
    assert _add(project, key, staff, now) == _add(project, key, staff, now)
    assert Milestone.objects.count() == 1
    assert entries_of(project).get().changes == {"milestone": ["", "Meet"]}


def test_part_is_changed_and_removed_with_a_note_each(staff, now):
    milestone = MilestoneFactory(title="Meet")
    project = milestone.project
    services.change_part(obj=milestone, values={"title": "Meet all"}, seen=None, by=staff, now=now)
    milestone.refresh_from_db()
    for _ in range(2):  # a second click on "Remove" finds nothing and is no error
        services.remove_part(obj=milestone, by=staff, now=now)
    changes = [entry.changes for entry in entries_of(project)]
    assert changes == [{"milestone": ["Meet", "Meet all"]}, {"milestone": ["Meet all", ""]}]
    assert not Milestone.objects.exists()


def test_published_update_is_neither_changed_nor_removed(staff, now):
    update = publish(obj=UpdateFactory(title="News"), by=staff, now=now)
    with pytest.raises(services.NotADraft):
        services.change_part(obj=update, values={"title": "Other"}, seen=None, by=staff, now=now)
    with pytest.raises(services.NotADraft):
        services.remove_part(obj=update, by=staff, now=now)
    update.refresh_from_db()
    assert update.title == "News"


def test_contribution_without_a_project_keeps_its_own_history(staff, now):
    contribution = ContributionFactory(project=None, title="Panel")
    services.change_part(obj=contribution, values={"title": "Panels"}, seen=None, by=staff, now=now)
    assert entries_of(contribution).get().changes == {"contribution": ["Panel", "Panels"]}


def test_milestone_is_marked_done_once_and_opened_again(staff, now):
    milestone = MilestoneFactory(title="Meet", due_on=now.date() - timedelta(days=3))
    for done_on in [now.date(), now.date(), None]:
        milestone = services.mark_milestone(obj=milestone, done_on=done_on, by=staff, now=now)
    changes = [entry.changes for entry in entries_of(milestone.project)]
    assert changes == [{"milestone_done": ["", "Meet"]}, {"milestone_open": ["", "Meet"]}]
    assert milestone.done_on is None


def test_project_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectFactory(starts_on=date(2022, 5, 2), ends_on=date(2022, 5, 1))


# --- Who leads is told ---------------------------------------------------------------------


def test_whoever_is_made_lead_is_told_with_the_mornings_news(staff, manager, now):
    project = ProjectFactory(title="Time off")
    services.change_fact(obj=project, name="lead", value=manager, by=staff, now=now)
    message = Message.objects.get()
    assert (message.recipient, message.in_digest) == (manager, True)
    assert message.subject == "You lead “Time off” now"
    assert project.get_absolute_url() in message.body


def test_lead_of_a_new_project_is_told_and_nobody_of_what_they_did_themselves(staff, manager, now):
    made = {"model": "guide", "nations": ["wales"], "now": now, "by": staff}
    services.create_project(title="Hers", lead=manager, **made)
    own = services.create_project(title="Own", lead=staff, **made)
    services.change_fact(obj=own, name="phase", value=None, by=staff, now=now)
    services.change_fact(obj=own, name="lead", value=None, by=staff, now=now)
    assert [message.subject for message in Message.objects.all()] == ["You lead “Hers” now"]


# --- What two people, or two windows, do at once -------------------------------------------


def test_words_that_come_again_with_the_same_key_stand_and_none_are_lost(staff, now):
    project, key = ProjectFactory(), uuid4()
    given = {"model": Milestone, "project": project, "once_key": key, "by": staff, "now": now}
    services.add_part(values={"title": "Meet", "stage": "agreeing"}, **given)
    services.add_part(values={"title": "Meet everybody", "stage": "agreeing"}, **given)
    assert [one.title for one in project.milestones.all()] == ["Meet everybody"]


def test_a_page_that_is_sent_again_later_undoes_no_change_made_since(staff, manager, now):
    project, key = ProjectFactory(), uuid4()
    given = {"model": Milestone, "project": project, "once_key": key, "by": staff, "now": now}
    part = services.add_part(values={"title": "Meet", "stage": "agreeing"}, **given)
    hours_ago = timezone.now() - timedelta(hours=3)
    Milestone.objects.filter(pk=part.pk).update(created_at=hours_ago)
    changed = {"title": "Meet in Bangor"}
    services.change_part(obj=part, values=changed, seen=None, by=manager, now=now)
    with pytest.raises(ChangedMeanwhile, match="changed since"):
        services.add_part(values={"title": "Meet", "stage": "agreeing"}, **given)
    assert project.milestones.get().title == "Meet in Bangor"


def test_how_it_is_going_is_not_said_over_a_colleagues_word(staff, now):
    project = ProjectFactory()
    seen = services.rag_version(project)
    services.set_rag(obj=project, rag=Rag.AMBER, reason="Late.", by=staff, now=now, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        services.set_rag(obj=project, rag=Rag.GREEN, reason="Well.", by=staff, now=now, seen=seen)
    project.refresh_from_db()
    assert project.rag == Rag.AMBER


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_projects_of_one_title_at_the_same_moment_are_both_added():
    meet = Barrier(2, timeout=20)

    def add(_number):
        meet.wait()
        try:
            return services.create_project(
                title="Time off", model="guide", nations=[], by=None, now=timezone.now()
            ).slug
        finally:
            connection.close()

    for _time in range(3):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(add, range(2)))
    assert Project.objects.filter(title="Time off").values("slug").distinct().count() == 6
