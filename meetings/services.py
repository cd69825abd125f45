"""Writes about groups, members, meetings and logs, save for changes of state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import Invitation, Role, User
from accounts.services import end_role, make_invitation, withdraw_invitation
from core import audit
from core.enums import AuditAction
from core.versions import ChangedMeanwhile, save_details, version_of

from . import notifications as tell
from . import transitions
from .enums import ActionState, GroupKind, MeetingState
from .models import (
    Action,
    Attendance,
    Group,
    GuestCount,
    LogItem,
    LogTheme,
    Meeting,
    MeetingLog,
    Member,
)
from .selectors import guests_at, presence_at

MEMBER_ROLES = {
    GroupKind.LOCAL_NETWORK: RoleKind.NETWORK_MEMBER,
    GroupKind.COORDINATORS: RoleKind.NETWORK_MEMBER,
    GroupKind.ASSEMBLY: RoleKind.ASSEMBLY_MEMBER,
    GroupKind.ADVISORY: RoleKind.ADVISORY_MEMBER,
}
MEETING_FIELDS = ["title", "starts_at", "ends_at", "place", "joining"]
# A change in one of these is told to those who knew of the meeting.
TOLD_FIELDS = ["starts_at", "place", "joining"]
MEMBER_FIELDS = ["name", "perspective"]
Values = Mapping[str, str]


class LogClosed(Exception):
    """The log was sent or accepted meanwhile, or its meeting is not over. ``str()`` is shown."""


@dataclass(frozen=True)
class Difference:
    """One answer that two people gave differently: what is saved, and what was just typed."""

    name: str
    theirs: str
    yours: str


class AnswersDiffer(ChangedMeanwhile):
    """Somebody else saved another text since this one was opened. Nothing has been written.

    ``saved`` are the values that stand now, ``differences`` those that differ from the new ones.
    """

    def __init__(self, saved: Values, new: Values) -> None:
        words = _("Somebody else has changed this since you opened it.")
        super().__init__(version_of(saved), words)
        self.saved = saved
        self.differences = [
            Difference(name, saved.get(name, ""), new.get(name, ""))
            for name in sorted({*saved, *new})
            if saved.get(name, "") != new.get(name, "")
        ]


def _refuse_stale(saved: Values, new: Values, seen: str) -> None:
    if version_of(saved) not in {seen, version_of(new)}:
        raise AnswersDiffer(saved, new)


# --- Groups and members -----------------------------------------------------------------------


def set_reminder(*, group: Group, days: int, seen: str, by: Any, now: datetime) -> Group:
    """Remind people of this group's meetings ``days`` days ahead. Errors: ``ChangedMeanwhile``."""
    values = {"remind_days_ahead": days}
    saved: Group = save_details(obj=group, values=values, seen=seen, by=by, now=now)
    return saved


def add_member(
    *, group: Group, name: str, perspective: str, email: str, by: Any, now: datetime
) -> Member:
    """Add somebody to ``group``; with an ``email`` they are invited to the portal as well.

    The same name under the same perspective twice, as by a double click, is added once.
    """
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        member, made = Member.objects.current().get_or_create(
            group=group,
            name=name,
            perspective=perspective,
            left_on=None,
            defaults={"joined_on": timezone.localtime(now).date()},
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=member, by=by, now=now)
        if email and not member.person_id and not member.invitation_id:
            invite_member(member=member, email=email, by=by, now=now)
    return member


def invite_member(*, member: Member, email: str, by: Any, now: datetime) -> Member:
    """Invite ``member`` to the portal, so that dates and actions reach them.

    An earlier invitation, as to a mistyped address, works no longer.
    """
    kind = MEMBER_ROLES[GroupKind(member.group.kind)]
    with transaction.atomic():
        if member.invitation:
            withdraw_invitation(obj=member.invitation, by=by, now=now)
        invitation, token = make_invitation(
            email=email, kind=kind, scope=member.group, by=by, now=now
        )
        member.invitation = invitation
        member.save(update_fields=["invitation", "updated_at"])
        tell.of_new_member(member=member, email=invitation.email, token=token, now=now)
    return member


def link_member(invitation: Invitation, person: User, now: datetime) -> None:
    """When the invitation of a member is accepted, the member is that person."""
    member = Member.objects.filter(invitation=invitation, person=None, left_on=None).first()
    if member and not Member.objects.current().filter(group=member.group, person=person).exists():
        member.person = person
        member.save(update_fields=["person", "updated_at"])
        audit.record(action=AuditAction.CHANGED, obj=member, by=person, now=now)


def change_member(
    *, member: Member, values: dict[str, Any], seen: str, by: Any, now: datetime
) -> Member:
    """Change what a member likes to be called, or the group they come from (``MEMBER_FIELDS``).

    Errors: ``ChangedMeanwhile``.
    """
    saved: Member = save_details(obj=member, values=values, seen=seen, by=by, now=now)
    return saved


def end_membership(*, member: Member, by: Any, now: datetime) -> Member:
    """Let ``member`` leave today; their role in the group ends with it, the record stays."""
    with transaction.atomic():
        member.left_on = max(timezone.localtime(now).date(), member.joined_on)
        member.save(update_fields=["left_on", "updated_at"])
        audit.record(action=AuditAction.CHANGED, obj=member, by=by, now=now, note="left")
        if member.person:
            for role in _roles_in(member, now):
                end_role(role=role, by=by, now=now)
        if member.invitation:
            withdraw_invitation(obj=member.invitation, by=by, now=now)
    return member


def _roles_in(member: Member, now: datetime) -> Iterable[Role]:
    kind = MEMBER_ROLES[GroupKind(member.group.kind)]
    roles = Role.objects.active_on(timezone.localdate(now)).select_related("scope_type")
    found = roles.filter(person=member.person, kind=kind, scope_id=member.group_id)
    return [role for role in found if role.scope_type.model == "group"]


# --- Meetings ---------------------------------------------------------------------------------


def plan_meeting(*, group: Group, values: dict[str, Any], by: Any, now: datetime) -> Meeting:
    """Plan a meeting with ``MEETING_FIELDS``; planning the same start twice plans it once."""
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        same = group.meetings.filter(starts_at=values["starts_at"]).exclude(
            state=MeetingState.CANCELLED
        )
        if meeting := same.first():
            return meeting
        last = group.meetings.aggregate(last=models.Max("number"))["last"] or 0
        meeting = Meeting.objects.create(group=group, number=last + 1, **values)
        audit.record(action=AuditAction.CREATED, obj=meeting, by=by, now=now)
    return meeting


def change_meeting(
    *, meeting: Meeting, values: dict[str, Any], seen: str, by: Any, now: datetime
) -> Meeting:
    """Change a meeting; when its date or place changes, those who knew of it are told.

    Errors: ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        before = Meeting.objects.select_for_update().get(pk=meeting.pk)
        saved: Meeting = save_details(obj=meeting, values=values, seen=seen, by=by, now=now)
        moved = any(getattr(saved, name) != getattr(before, name) for name in TOLD_FIELDS)
        is_to_come = saved.state == MeetingState.PLANNED and saved.starts_at > now
        if is_to_come and moved:
            tell.of_moved_meeting(meeting=saved, now=now)
    return saved


def invite(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Invite everybody with an account to a coming meeting; a second time sends nothing."""
    with transaction.atomic():
        locked = Meeting.objects.select_for_update().select_related("group").get(pk=meeting.pk)
        is_to_come = locked.state == MeetingState.PLANNED and locked.starts_at > now
        if locked.invited_at is None and is_to_come:
            locked.invited_at = now
            locked.save(update_fields=["invited_at", "updated_at"])
            audit.record(action=AuditAction.CHANGED, obj=locked, by=by, now=now, note="invited")
            tell.of_invitation(meeting=locked, now=now)
    return locked


# --- Logs -------------------------------------------------------------------------------------


def _open_log(meeting: Meeting, by: Any, now: datetime) -> MeetingLog:
    """The log of ``meeting``, locked, made if need be. Errors: ``LogClosed``."""
    locked = Meeting.objects.select_for_update().select_related("group").get(pk=meeting.pk)
    if locked.state == MeetingState.CANCELLED:
        raise LogClosed(_("This meeting was cancelled, so there is nothing to log."))
    if locked.starts_at > now:
        raise LogClosed(_("This meeting has not begun yet. You can log it once it has."))
    if locked.state == MeetingState.PLANNED:
        transitions.hold(meeting=locked, by=by, now=now)
    log, made = MeetingLog.objects.get_or_create(
        meeting=locked, defaults={"is_example": locked.is_example}
    )
    if made:
        audit.record(action=AuditAction.CREATED, obj=log, by=by, now=now)
    log = MeetingLog.objects.select_for_update().select_related("meeting__group").get(pk=log.pk)
    if not log.is_open:
        raise LogClosed(_("This log has been sent. It can be changed once it comes back."))
    return log


def _noted(log: MeetingLog, note: str, by: Any, now: datetime) -> MeetingLog:
    log.save()
    audit.record(action=AuditAction.CHANGED, obj=log, by=by, now=now, note=note)
    return log


def attendance_values(meeting: Meeting) -> dict[str, str]:
    """What is noted of attendance, as text by the names of the form's fields."""
    values = {f"member_{pk}": presence for pk, presence in presence_at(meeting).items()}
    return values | {f"guests_{name}": str(number) for name, number in guests_at(meeting).items()}


def save_attendance(
    *, meeting: Meeting, values: Values, seen: str, by: Any, now: datetime
) -> MeetingLog:
    """Note who came. ``values`` are like those of :func:`attendance_values`, without empty ones.

    ``seen`` is the version that was on the page. Errors: ``AnswersDiffer``, ``LogClosed``.
    """
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        _refuse_stale(attendance_values(meeting), values, seen)
        meeting.attendances.all().delete()
        meeting.guest_counts.all().delete()
        for name, value in values.items():
            what, _separator, key = name.partition("_")
            example = {"is_example": log.is_example}
            if what == "member":
                Attendance.objects.create(
                    meeting=meeting, member_id=int(key), presence=value, **example
                )
            else:
                GuestCount.objects.create(
                    meeting=meeting, perspective=key, number=int(value), **example
                )
        return _noted(log, "attendance", by, now)


def shared_values(log: MeetingLog) -> dict[str, str]:
    """What was shared, what helped, and the themes, one on each line."""
    themes = "\n".join(log.themes.values_list("text", flat=True)) if log.pk else ""
    return {"shared": log.shared, "helped": log.helped, "themes": themes}


def save_shared(
    *, meeting: Meeting, values: Values, seen: str, by: Any, now: datetime
) -> MeetingLog:
    """Keep what people shared, with its themes. Errors: ``AnswersDiffer``, ``LogClosed``."""
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        _refuse_stale(shared_values(log), values, seen)
        log.shared, log.helped = values["shared"], values["helped"]
        themes = list(dict.fromkeys(values["themes"].splitlines()))
        # A theme whose words stay keeps its row: whatever points at it still does.
        log.themes.exclude(text__in=themes).delete()
        for text in themes:
            LogTheme.objects.get_or_create(
                log=log, text=text, defaults={"is_example": log.is_example}
            )
        return _noted(log, "shared", by, now)


def item_values(item: models.Model, fields: Iterable[str]) -> dict[str, str]:
    """The named fields of a suggestion, quote or action as text."""
    return {name: str(getattr(item, name) or "") for name in fields}


def add_item(
    *, meeting: Meeting, model: type[LogItem], values: dict[str, Any], by: Any, now: datetime
) -> LogItem:
    """Add a suggestion or a quote; the same words twice are added once. Errors: ``LogClosed``."""
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        rest = {name: value for name, value in values.items() if name != "text"}
        item, _made = model._default_manager.get_or_create(
            log=log,
            text=values["text"],
            defaults={**rest, "is_example": log.is_example},
        )
        _noted(log, model._meta.model_name or "", by, now)
    return item


def add_action(*, meeting: Meeting, values: dict[str, Any], by: Any, now: datetime) -> Action:
    """Add an action; the same words twice are added once. Errors: ``LogClosed``."""
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        rest = {name: value for name, value in values.items() if name != "text"}
        action, _made = Action.objects.get_or_create(
            meeting=log.meeting,
            text=values["text"],
            defaults={**rest, "group": log.meeting.group, "is_example": log.is_example},
        )
        _noted(log, "action", by, now)
    return action


def change_item(
    *, meeting: Meeting, item: Any, values: dict[str, Any], seen: str, by: Any, now: datetime
) -> Any:
    """Change a suggestion, quote or action of an open log.

    Errors: ``AnswersDiffer``, ``LogClosed``, ``item.DoesNotExist`` when it was removed.
    """
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        locked = type(item)._default_manager.get(pk=item.pk)
        saved = item_values(locked, values)
        for name, value in values.items():
            setattr(locked, name, value)
        _refuse_stale(saved, item_values(locked, values), seen)
        locked.save()
        _noted(log, str(locked._meta.model_name), by, now)
    return locked


def remove_item(*, meeting: Meeting, item: Any, by: Any, now: datetime) -> None:
    """Take a suggestion, quote or action out of an open log. Errors: ``LogClosed``.

    An action that has been done, changed or dropped is history and stays: ``LogClosed`` too.
    """
    with transaction.atomic():
        log = _open_log(meeting, by, now)
        if isinstance(item, Action) and item.state != ActionState.OPEN:
            raise LogClosed(_("This action has an outcome already, so it stays."))
        type(item)._default_manager.filter(pk=item.pk).delete()
        _noted(log, f"removed {item._meta.model_name}", by, now)
