"""Home pages: what this person needs to do today, gathered from the rooms."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.todo import Todo
from demonstrators import selectors as demonstrators
from notifications import selectors as notifications
from projects import selectors as projects

# The rooms whose selectors have a todo_for, in no order: the list is sorted by date.
ROOMS: list[Any] = [projects, demonstrators, notifications]


@dataclass(frozen=True)
class Door:
    """A place to go, with a few words on what is behind it."""

    title: str | Promise
    url: str
    text: str | Promise = ""


def todos(user: Any, now: datetime) -> list[Todo]:
    """Everything that waits for ``user``: late things first, then by date, undated ones last."""
    found = [todo for room in ROOMS for todo in room.todo_for(user, now)]
    return sorted(found, key=lambda todo: (not todo.is_late, _moment(todo.due)))


def _moment(due: date | datetime | None) -> datetime:
    if due is None:
        return datetime.max.replace(tzinfo=UTC)
    if isinstance(due, datetime):
        return due
    return datetime(due.year, due.month, due.day, tzinfo=UTC)


def public_doors() -> list[Door]:
    """What a visitor without an account can do."""
    return [
        Door(
            _("Sign in or create an account"),
            reverse("account_login"),
            _("For partners, group members and staff."),
        ),
    ]


def page(user: Any, now: datetime) -> dict[str, Any]:
    """What the home page of ``user`` shows."""
    return {"todos": todos(user, now), "doors": doors(user), "figures": []}


def doors(user: Any) -> list[Door]:
    """The places of ``user``, beside the bar's."""
    return [Door(_("Your account"), reverse("accounts:account"))]
