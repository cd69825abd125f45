"""Home pages: what this person needs to do today, gathered from the rooms."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules import sees_programme
from coproduction import selectors as coproduction
from core.todo import Todo
from demonstrators import selectors as demonstrators
from expressions import selectors as expressions
from expressions.enums import CallState, ExpressionState
from guides import selectors as guides
from meetings import selectors as meetings
from meetings.registry import home_of
from networks import selectors as networks
from notifications import selectors as notifications
from partners import selectors as partners
from projects import selectors as projects
from projects.enums import UNDER_WAY_STATES, Rag
from surveys import selectors as surveys

# How many of the newest updates a home page shows.
NEWS = 3

# The rooms whose selectors have a todo_for, in no order: the list is sorted by date.
ROOMS: list[Any] = [
    coproduction,
    demonstrators,
    expressions,
    guides,
    meetings,
    networks,
    notifications,
    partners,
    projects,
    surveys,
]


@dataclass(frozen=True)
class Door:
    """A place to go, with a few words on what is behind it."""

    title: str | Promise
    url: str
    text: str | Promise = ""


@dataclass(frozen=True)
class Figure:
    """A number with its denominator where it has one, what it counts, and the rows behind it."""

    value: str | int
    label: str | Promise
    url: str


def todos(user: Any, now: datetime) -> list[Todo]:
    """Everything that waits for ``user``: late things first, then what waits without a date
    (somebody has asked, and waits for an answer now), then what is due, by date."""
    found = [todo for room in ROOMS for todo in room.todo_for(user, now)]
    return sorted(found, key=lambda todo: (not todo.is_late, _moment(todo.due)))


def _moment(due: date | datetime | None) -> datetime:
    if due is None:
        return datetime.min.replace(tzinfo=UTC)
    if isinstance(due, datetime):
        return due
    return datetime(due.year, due.month, due.day, tzinfo=UTC)


def public_doors() -> list[Door]:
    """What a visitor can do, without an account until they need one."""
    return [
        Door(
            _("Open calls"),
            reverse("expressions:calls"),
            _("Would your organisation host a project? Small groups are as welcome as councils."),
        ),
        Door(
            _("Answer a survey"),
            reverse("surveys:index"),
            _("Say what matters. It takes about ten minutes, and nobody learns who you are."),
        ),
        Door(
            _("See our projects"),
            reverse("projects:public-list"),
            _("What is being tried, where, and what has been learned."),
        ),
        Door(
            _("Read a guide"),
            reverse("guides:index"),
            _("Short answers to practical questions, from all three kinds of evidence."),
        ),
        Door(
            _("Find evidence"),
            reverse("guides:library"),
            _("Guides, reports and tools of many organisations, in one library."),
        ),
        Door(
            _("Sign in or create an account"),
            reverse("account_login"),
            _("For partners, group members and staff."),
        ),
    ]


def page(user: Any, now: datetime) -> dict[str, Any]:
    """What the home page of ``user`` shows."""
    return {
        "todos": todos(user, now),
        "doors": doors(user),
        "figures": figures(now) if sees_programme(user) else [],
        "news": projects.latest_public_updates(NEWS),
    }


def doors(user: Any) -> list[Door]:
    """The places of ``user``, beside the bar's: their groups first."""
    groups = meetings.own_groups(user)
    own = [Door(group.name, home_of(group), _("Dates, actions and notes.")) for group in groups]
    own += [
        Door(_("Your account"), reverse("accounts:account"), _("Your details and what helps you.")),
        Door(
            _("Your reminders"),
            reverse("notifications:preferences"),
            _("How often we write to you, and about what."),
        ),
    ]
    if user.has_perm("reports.use_reports"):
        report = reverse("reports:ask", args=["programme_overview"])
        own.insert(0, Door(_("Programme report"), report, _("The whole programme, to print.")))
    if user.has_perm("core.view_gallery"):
        own.append(Door(_("Components"), reverse("core:gallery"), _("What our pages are made of.")))
    return own


def figures(now: datetime) -> list[Figure]:
    """The programme in figures, each with the list that it counts; two queries."""
    counts = projects.under_way()
    going_on = "&".join(f"state={state.value}" for state in UNDER_WAY_STATES)
    calls = expressions.figures(now)
    arrived = "&".join(f"state={state}" for state in ExpressionState if state != "draft")
    in_open_calls = f"call_state={CallState.OPEN}"
    return [
        Figure(
            _("%(part)s of %(whole)s") % {"part": counts["going_on"], "whole": counts["all"]},
            _("projects under way"),
            f"{reverse('projects:list')}?{going_on}",
        ),
        Figure(
            _("%(part)s of %(whole)s") % {"part": counts["off_track"], "whole": counts["going_on"]},
            _("projects under way are off track"),
            f"{reverse('projects:list')}?rag={Rag.RED.value}&{going_on}",
        ),
        Figure(
            calls["arrived"],
            _("expressions sent in to open calls"),
            f"{reverse('expressions:staff-list')}?{in_open_calls}&{arrived}",
        ),
        Figure(
            calls["drafts"],
            _("expressions being written"),
            f"{reverse('expressions:staff-list')}?{in_open_calls}&state={ExpressionState.DRAFT.value}",
        ),
    ]
