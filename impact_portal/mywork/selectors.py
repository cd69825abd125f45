"""The three groups of My work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.todo import Todo
from impact_portal import home

from .waiting import Waiting, waiting_for

# How many lines of a group are shown before "all of them".
AT_FIRST = 20
MOST = 500


@dataclass(frozen=True)
class MyWork:
    """What is due by a day, what waits for me without one, what I wait for from others."""

    due: list[Todo]
    waits_for_me: list[Todo]
    i_wait_for: list[Waiting]


def my_work(user: Any, now: datetime) -> MyWork:
    """All of it for ``user``; each group at most ``MOST`` lines long."""
    todos = home.todos(user, now)
    return MyWork(
        due=[todo for todo in todos if todo.due or todo.is_late][:MOST],
        waits_for_me=[todo for todo in todos if not (todo.due or todo.is_late)][:MOST],
        i_wait_for=waiting_for(user, MOST)[:MOST],
    )
