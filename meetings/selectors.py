"""What pages and messages need to know of groups, meetings and logs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import RoleKind
from accounts.models import AccessNeeds
from accounts.rules import role_kinds, scope_ids
from core.dates import nice_datetime
from core.todo import Todo

from .enums import ActionState, LogState, Perspective, Presence
from .models import Action, Attendance, Group, Meeting, MeetingLog, Member
from .querysets import GROUP_ROLES

# A log is late for those who wait for it from this many days on.
LATE_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """Something that a log lacks, and the step on which to give it."""

    text: str | Promise
    step: str


@dataclass(frozen=True)
class PerspectiveRow:
    """One of the five groups: who of the members, and how many."""

    perspective: str
    label: str
    members: list[Member]

    @property
    def count(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class AttendanceRow:
    """How many of one of the five groups were there."""

    label: str
    came: int
    expected: int
    guests: int


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in a list: its log if there is one, and how many came of how many noted."""

    meeting: Meeting
    came: int
    noted: int
    log: MeetingLog | None


@dataclass(frozen=True)
class Arrangements:
    """What stands to be arranged before a meeting, in numbers alone."""

    members: int
    with_account: int
    with_access_needs: int

    @property
    def without_account(self) -> int:
        return self.members - self.with_account


def members_at(meeting: Meeting) -> list[Member]:
    """Who may have been at ``meeting``: members who had not left by then, by the five groups."""
    day = timezone.localtime(meeting.starts_at).date()
    members = meeting.group.members.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))
    order = {value: place for place, value in enumerate(Perspective.values)}
    return sorted(members, key=lambda member: order.get(member.perspective, len(order)))


def expected_at(meeting: Meeting, members: Iterable[Member]) -> list[Member]:
    """Of ``members`` those who had joined by the day of ``meeting``."""
    day = timezone.localtime(meeting.starts_at).date()
    return [member for member in members if member.joined_on <= day]


def presence_at(meeting: Meeting) -> dict[int, str]:
    """Member id → presence, for those of whom it is noted."""
    return dict(meeting.attendances.values_list("member_id", "presence"))


def guests_at(meeting: Meeting) -> dict[str, int]:
    """Perspective → how many guests."""
    return dict(meeting.guest_counts.values_list("perspective", "number"))


def attendance_by_perspective(meeting: Meeting) -> list[AttendanceRow]:
    """For each of the five groups: how many came, of how many; members without a group last."""
    noted = meeting.attendances.select_related("member")
    guests = guests_at(meeting)
    found: dict[str, list[str]] = {value: [] for value in [*Perspective.values, ""]}
    for attendance in noted:
        found[attendance.member.perspective].append(attendance.presence)
    labels: dict[str, Any] = {**dict(Perspective.choices), "": _("Not said")}
    return [
        AttendanceRow(
            label=str(labels[value]),
            came=presences.count(Presence.CAME),
            expected=len(presences),
            guests=guests.get(value, 0),
        )
        for value, presences in found.items()
        if value or presences
    ]


def members_by_perspective(group: Group) -> list[PerspectiveRow]:
    """The current members under the five groups, an empty group too; others last."""
    found: dict[str, list[Member]] = {value: [] for value in [*Perspective.values, ""]}
    for member in Member.objects.current().filter(group=group).select_related("invitation"):
        found[member.perspective].append(member)
    labels: dict[str, Any] = {**dict(Perspective.choices), "": _("Not said")}
    return [
        PerspectiveRow(perspective=value, label=str(labels[value]), members=members)
        for value, members in found.items()
        if value or members
    ]


def arrangements_for(group: Group) -> Arrangements:
    """How many members can be reached by message, and how many need something arranged."""
    current = Member.objects.current().filter(group=group)
    counts = current.aggregate(members=Count("id"), with_account=Count("person_id"))
    needs = AccessNeeds.objects.filter(person__memberships__in=current).exclude(needs="")
    return Arrangements(with_access_needs=needs.count(), **counts)


def log_of(meeting: Meeting) -> MeetingLog:
    """The log of ``meeting``, or an unsaved empty one."""
    log = getattr(meeting, "log", None)
    return log if log is not None else MeetingLog(meeting=meeting)


def log_gaps(log: MeetingLog) -> list[Gap]:
    """What must be there before the log can be sent."""
    meeting = log.meeting
    noted = presence_at(meeting)
    expected = expected_at(meeting, members_at(meeting))
    missing = [member for member in expected if member.pk not in noted]
    gaps = []
    if missing:
        text = ngettext(
            "Say of %(count)s more member whether they came.",
            "Say of %(count)s more members whether they came.",
            len(missing),
        )
        gaps.append(Gap(text % {"count": len(missing)}, "attendance"))
    if not log.shared.strip():
        gaps.append(Gap(_("Write what people shared."), "shared"))
    return gaps


def meetings_with_logs(group: Group) -> list[MeetingRow]:
    """The meetings of ``group`` in the order of their dates; one query."""
    came = Count("attendances", filter=Q(attendances__presence=Presence.CAME))
    meetings = group.meetings.select_related("log").annotate(came=came, noted=Count("attendances"))
    return [
        MeetingRow(meeting, meeting.came, meeting.noted, getattr(meeting, "log", None))
        for meeting in meetings.order_by("starts_at", "id")
    ]


def open_actions(group: Group) -> QuerySet[Action]:
    """What ``group`` still has to do, the most pressing first."""
    return group.actions.filter(state=ActionState.OPEN).select_related("owner", "meeting")


def own_actions(user: Any) -> QuerySet[Action]:
    """What ``user`` has said they will do, in groups of which they are a member today."""
    mine = Action.objects.visible_to(user).filter(owner__person=user, owner__left_on__isnull=True)
    return mine.filter(state=ActionState.OPEN).select_related("group")


def own_groups(user: Any) -> list[Group]:
    """The groups that ``user`` runs or belongs to, by name; no query for somebody without one."""
    own = scope_ids(user, GROUP_ROLES, Group) if role_kinds(user) & GROUP_ROLES else set()
    return list(Group.objects.filter(id__in=own).order_by("name")) if own else []


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for a coordinator or a member: next meeting, logs, questions, actions."""
    if not role_kinds(user) & GROUP_ROLES:
        return []
    own = scope_ids(user, GROUP_ROLES, Group)
    run = scope_ids(user, {RoleKind.NETWORK_COORDINATOR}, Group)
    found = _log_todos(run, now) if run else []
    coming = Meeting.objects.coming(now).filter(group__in=own).select_related("group").first()
    if coming:
        found.append(
            Todo(
                text=_("Next meeting: %(when)s") % {"when": nice_datetime(coming.starts_at)},
                url=reverse("meetings:meeting", args=[coming.pk]),
                detail=str(coming.group),
                due=coming.starts_at,
                tells_due=True,
            )
        )
    return found + _action_todos(user, run, now)


def _log_todos(groups: set[int], now: datetime) -> list[Todo]:
    asked = MeetingLog.objects.filter(state=LogState.RETURNED, meeting__group__in=groups)
    found = [
        Todo(
            text=_("Answer a question about your return: %(meeting)s") % {"meeting": log.meeting},
            url=reverse("meetings:log-answer", args=[log.meeting_id]),
            detail=str(log.meeting.group),
        )
        for log in asked.select_related("meeting__group").order_by("id")
    ]
    waiting = Meeting.objects.to_log(now).filter(group__in=groups).select_related("group")
    found += [
        Todo(
            text=_("Log your meeting: %(meeting)s") % {"meeting": meeting},
            url=reverse("meetings:log", args=[meeting.pk]),
            detail=str(meeting.group),
            due=meeting.starts_at + LATE_AFTER,
            is_late=meeting.starts_at + LATE_AFTER < now,
        )
        for meeting in waiting
    ]
    return found


def _action_todos(user: Any, groups: set[int], now: datetime) -> list[Todo]:
    due = Action.objects.due(now).filter(
        Q(group__in=groups)
        | Q(
            owner__person=user,
            owner__left_on__isnull=True,
            group__in=scope_ids(user, GROUP_ROLES, Group),
        )
    )
    today = timezone.localtime(now).date()
    return [
        Todo(
            text=action.text,
            url=reverse("meetings:action", args=[action.pk]),
            detail=_("Action of %(group)s") % {"group": action.group},
            due=action.due_on,
            is_late=action.due_on < today,
        )
        for action in due.select_related("group").distinct()
    ]


def data_about(person: Any) -> dict[str, Any]:
    """What this room holds about ``person``, as plain JSON data."""
    members = person.memberships.select_related("group").order_by("id")
    attended = Attendance.objects.filter(member__person=person).select_related("meeting__group")
    actions = Action.objects.filter(owner__person=person).order_by("id")
    return {
        "memberships": [
            {
                "group": member.group.name,
                "name": member.name,
                "comes_as": str(member.get_perspective_display()),
                "from": member.joined_on.isoformat(),
                "until": member.left_on.isoformat() if member.left_on else None,
            }
            for member in members
        ],
        "meetings": [
            {
                "group": row.meeting.group.name,
                "meeting": row.meeting.starts_at.isoformat(),
                "presence": str(row.get_presence_display()),
            }
            for row in attended.order_by("meeting__starts_at", "id")
        ],
        "actions": [
            {"text": action.text, "state": str(action.get_state_display())} for action in actions
        ],
    }
