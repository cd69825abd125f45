"""How a log is laid out: its steps, the pages of its items, and the whole of it to read."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .models import MeetingLog, Member
from .selectors import (
    AttendanceRow,
    attendance_by_perspective,
    expected_at,
    log_gaps,
    members_at,
    presence_at,
)

Text = str | Promise


@dataclass(frozen=True)
class ItemPage:
    """The words of the page on which one kind of items is kept; ``after`` is the next step."""

    kind: str
    title: Text
    lead: Text
    empty: Text
    add: Text
    change: Text
    remove: Text
    after: str
    onward: Text


ITEM_PAGES = {
    page.kind: page
    for page in [
        ItemPage(
            kind="suggestions",
            title=gettext_lazy("Suggestions"),
            lead=gettext_lazy("Practical solutions that came up. Add them one at a time."),
            empty=gettext_lazy("No suggestions yet."),
            add=gettext_lazy("Add this suggestion"),
            change=gettext_lazy("Change a suggestion"),
            remove=gettext_lazy("Remove this suggestion?"),
            after="quotes",
            onward=gettext_lazy("Go on to people’s own words"),
        ),
        ItemPage(
            kind="quotes",
            title=gettext_lazy("In people’s own words"),
            lead=gettext_lazy(
                "Words that stayed with you, from people who agreed to be quoted. "
                "You can skip this."
            ),
            empty=gettext_lazy("No quotes yet."),
            add=gettext_lazy("Add this quote"),
            change=gettext_lazy("Change a quote"),
            remove=gettext_lazy("Remove this quote?"),
            after="actions",
            onward=gettext_lazy("Go on to actions"),
        ),
        ItemPage(
            kind="actions",
            title=gettext_lazy("Actions"),
            lead=gettext_lazy("What somebody will do, and by when. Add them one at a time."),
            empty=gettext_lazy("No actions yet."),
            add=gettext_lazy("Add this action"),
            change=gettext_lazy("Change an action"),
            remove=gettext_lazy("Remove this action?"),
            after="check",
            onward=gettext_lazy("Go on to check and send"),
        ),
    ]
}


@dataclass(frozen=True)
class Task:
    """One step of a log in its task list."""

    title: Text
    url: str
    is_done: bool
    hint: Text = ""
    status: Text = ""


@dataclass(frozen=True)
class LogSummary:
    """A whole log to read. Those who see numbers only get no ``apologies`` and ``absent``."""

    attendance: list[AttendanceRow]
    came: int
    expected: int
    guests: int
    apologies: list[Member]
    absent: list[Member]
    shared: str
    helped: str
    themes: list[Any]
    suggestions: list[Any]
    quotes: list[Any]
    actions: list[Any]
    talk: list[Any]


def log_summary(log: MeetingLog, sees_names: bool) -> LogSummary:
    """All that ``log`` says, from at most eight queries."""
    meeting = log.meeting
    rows = attendance_by_perspective(meeting)
    missing: dict[str, list[Member]] = {"apologies": [], "absent": []}
    if sees_names:
        for attendance in meeting.attendances.select_related("member").order_by("member__name"):
            missing.setdefault(attendance.presence, []).append(attendance.member)
    saved = log.pk is not None
    return LogSummary(
        attendance=rows,
        came=sum(row.came for row in rows),
        expected=sum(row.expected for row in rows),
        guests=sum(row.guests for row in rows),
        apologies=missing["apologies"],
        absent=missing["absent"],
        shared=log.shared,
        helped=log.helped,
        themes=list(log.themes.all()) if saved else [],
        suggestions=list(log.suggestions.all()) if saved else [],
        quotes=list(log.quotes.all()) if saved else [],
        actions=list(meeting.actions.select_related("owner")),
        talk=list(log.talk.select_related("by")) if saved else [],
    )


def log_tasks(log: MeetingLog) -> list[Task]:
    """The steps in their order, with how far each has come."""
    meeting = log.meeting
    gaps = {gap.step for gap in log_gaps(log)}
    expected = expected_at(meeting, members_at(meeting))
    noted = presence_at(meeting)
    marked = sum(member.pk in noted for member in expected)
    tasks = [
        Task(
            title=_("Who came"),
            url=reverse("meetings:log-attendance", args=[meeting.pk]),
            is_done="attendance" not in gaps and bool(noted),
            hint=_("%(marked)s of %(all)s members marked")
            % {"marked": marked, "all": len(expected)},
        ),
        Task(
            title=_("What was shared, and themes"),
            url=reverse("meetings:log-shared", args=[meeting.pk]),
            is_done="shared" not in gaps,
        ),
    ]
    for kind, count in _counts(log).items():
        tasks.append(
            Task(
                title=ITEM_PAGES[kind].title,
                url=reverse("meetings:log-items", args=[meeting.pk, kind]),
                is_done=count > 0,
                hint=ngettext("%(count)s so far", "%(count)s so far", count) % {"count": count},
                status=_("Optional"),
            )
        )
    check = reverse("meetings:log-check", args=[meeting.pk])
    return [*tasks, Task(title=_("Check and send"), url="" if gaps else check, is_done=False)]


def _counts(log: MeetingLog) -> dict[str, int]:
    saved = log.pk is not None
    return {
        "suggestions": log.suggestions.count() if saved else 0,
        "quotes": log.quotes.count() if saved else 0,
        "actions": log.meeting.actions.count(),
    }
