"""What the example room registers."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db import models

from notifications.enums import Promise
from notifications.registry import Kind, ReminderRule, register_kind, register_reminder

RECEIPT = Kind("example_room.receipt", "A receipt", Promise.AT_LEAST_ONCE)
SECRET = Kind("example_room.secret", "A key", Promise.AT_LEAST_ONCE, secret=True)
REMINDER = Kind("example_room.reminder", "Something is due", Promise.AT_MOST_ONCE)


def _due(now: datetime) -> models.QuerySet:
    from accounts.models import User

    return User.objects.filter(preferred_name__startswith="Due", date_joined__lte=now).order_by(
        "id"
    )


def _skip_reason(person: Any, now: datetime) -> str | None:
    return "done" if person.preferred_name.endswith("done") else None


RULE = ReminderRule(
    kind=REMINDER,
    due=_due,
    recipients=lambda people: [(person, person) for person in people],
    skip_reason=_skip_reason,
    period=lambda person: "once",
    context=lambda person, recipient: {"path": "/", "words": person.preferred_name},
)


def register() -> None:
    register_kind(RECEIPT)
    register_kind(SECRET)
    register_reminder(RULE)


class ExampleRoomConfig(AppConfig):
    name = "tests.notifications.example_room"
    label = "example_room"

    def ready(self) -> None:
        register()
