"""Meetings and actions in a person's calendar."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import scope_ids
from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .enums import ActionState, MeetingState
from .models import Action, Group, Meeting


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """The meetings that ``user`` may know of, and the actions that are theirs. Two queries."""
    return _meetings(user, first, last) + _actions(user, first, last)


def _meetings(user: Any, first: date, last: date) -> list[CalendarEntry]:
    meetings = (
        Meeting.objects.visible_to(user)
        .filter(starts_at__date__range=(first, last))
        .select_related("group")
        .order_by("starts_at", "id")
    )
    return [
        CalendarEntry(
            kind=CalendarKind.MEETING,
            key=f"meeting-{meeting.pk}",
            title=str(meeting),
            whose=str(meeting.group),
            start=meeting.starts_at,
            end=meeting.ends_at,
            place=meeting.place,
            url=reverse("meetings:meeting", args=[meeting.pk]),
            changed_at=meeting.updated_at,
            is_cancelled=meeting.state == MeetingState.CANCELLED,
        )
        for meeting in meetings[:MOST]
    ]


def _actions(user: Any, first: date, last: date) -> list[CalendarEntry]:
    run = scope_ids(user, {RoleKind.NETWORK_COORDINATOR}, Group)
    mine = Q(owner__person_id=user.pk, owner__left_on__isnull=True)
    actions = (
        Action.objects.visible_to(user)
        .filter(mine | Q(group__in=run), state=ActionState.OPEN, due_on__range=(first, last))
        .select_related("group")
        .order_by("due_on", "id")
    )
    return [
        CalendarEntry(
            kind=CalendarKind.ACTION,
            key=f"action-{action.pk}",
            title=_("To be done: %(action)s") % {"action": action.text},
            whose=str(action.group),
            start=action.due_on,
            url=reverse("meetings:group", args=[action.group_id]),
            changed_at=action.updated_at,
        )
        for action in actions[:MOST]
        if action.due_on
    ]
