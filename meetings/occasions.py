"""What the calendar of a person shows of meetings and actions. Two queries."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme
from core.occasions import Occasion

from .enums import ActionState, MeetingState
from .models import Action, Group, Meeting


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """Meetings of the groups that ``user`` has to do with, and actions that are theirs to follow.

    Those who see the programme have all meetings; actions are those of their own, and of the
    groups that they run.
    """
    yield from _meetings(user, first, last)
    yield from _actions(user, first, last)


def _meetings(user: Any, first: date, last: date) -> Iterator[Occasion]:
    found = Meeting.objects.visible_to(user).filter(
        starts_at__date__gte=first, starts_at__date__lte=last
    )
    for meeting in found.select_related("group").order_by("starts_at", "id"):
        yield Occasion(
            key=f"meetings.meeting:{meeting.pk}",
            kind="meeting",
            kind_label=_("Meeting"),
            title=f"{meeting.group}: {meeting}",
            url=reverse("meetings:meeting", args=[meeting.pk]),
            starts=meeting.starts_at,
            ends=meeting.ends_at,
            place=meeting.place,
            changed_at=meeting.updated_at,
            is_cancelled=meeting.state == MeetingState.CANCELLED,
        )


def _actions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    runs = scope_ids(user, {RoleKind.NETWORK_COORDINATOR}, Group)
    own = Q(owner__person=user, owner__left_on__isnull=True)
    found = Action.objects.visible_to(user).filter(own | Q(group__in=runs))
    found = found.filter(state=ActionState.OPEN, due_on__gte=first, due_on__lte=last)
    for action in found.select_related("group").order_by("due_on", "id"):
        # Staff have an action's page by its group alone.
        page = ("meetings:group", action.group_id) if sees_programme(user) else None
        name, key = page or ("meetings:action", action.pk)
        yield Occasion(
            key=f"meetings.action:{action.pk}",
            kind="action",
            kind_label=_("Action"),
            title=action.text,
            url=reverse(name, args=[key]),
            starts=action.due_on,
            changed_at=action.updated_at,
            detail=str(action.group),
        )
