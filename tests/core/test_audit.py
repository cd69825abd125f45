"""The audit trail: what is written, and what counts as a change."""

import pytest

from core import audit
from core.enums import AuditAction
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def test_entry_tells_who_did_what_to_which_object(staff, now):
    project = ProjectFactory()
    audit.record(action=AuditAction.VIEWED, obj=project, by=staff, now=now, note="printed")
    entry = audit.entries_of(project).get()
    assert (entry.by, entry.at, entry.action, entry.note, entry.subject) == (
        staff,
        now,
        "viewed",
        "printed",
        project,
    )


def test_changed_gives_old_and_new_words_of_changed_fields_alone():
    project = ProjectFactory(title="Before", rag="green")
    before = audit.snapshot(project, ["title", "rag", "summary", "topics"])
    project.rag = "red"
    after = audit.snapshot(project, ["title", "rag", "summary", "topics"])
    assert audit.changed(before, after) == {"rag": ["On track", "Off track"]}


def test_entries_of_another_object_are_not_mixed_in(staff, now):
    first, second = ProjectFactory(), ProjectFactory()
    audit.record(action=AuditAction.CREATED, obj=first, by=staff, now=now)
    assert list(audit.entries_of(second)) == []
