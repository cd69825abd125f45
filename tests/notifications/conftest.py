"""What the tests of the outbox share: a room with three kinds of message."""

import copy
from pathlib import Path

import pytest

from notifications.registry import kinds, reminder_rules
from tests.notifications.example_room.apps import RECEIPT, REMINDER, SECRET, register

TEMPLATES = Path(__file__).parent / "example_room" / "templates"


@pytest.fixture
def example_room(settings):
    """The example room, known for the length of a test; other rooms' reminder rules are not."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(TEMPLATES)
    settings.TEMPLATES = templates
    others = dict(reminder_rules._entries)
    reminder_rules._entries.clear()
    register()
    yield
    reminder_rules._entries.clear()
    reminder_rules._entries.update(others)
    for kind in [RECEIPT, SECRET, REMINDER]:
        del kinds._entries[kind.name]
