"""The messages of this room: which kinds there are, and who is told of what."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.models import User
from accounts.selectors import holders, holders_of_each
from core.markdown import as_typed
from notifications.enums import MessageState, Promise
from notifications.models import Message
from notifications.registry import Kind, register_kind
from notifications.services import queue
from notifications.withdrawal import withdraw

from .enums import GroupKind
from .models import Group, LogMessage, Meeting, MeetingLog, Member
from .registry import review_page_of


def _certain(name: str, title: Any, secret: bool = False) -> Kind:
    return Kind(name=name, title=title, promise=Promise.AT_LEAST_ONCE, secret=secret)


MEMBER_INVITED = _certain(
    "meetings.member_invited", _("You are invited to join a group"), secret=True
)
MEETING_INVITED = _certain("meetings.meeting_invited", _("You are invited to a meeting"))
MEETING_MOVED = _certain("meetings.meeting_moved", _("A meeting has moved"))
MEETING_CANCELLED = _certain("meetings.meeting_cancelled", _("A meeting is cancelled"))
MEETING_REINSTATED = _certain("meetings.meeting_reinstated", _("A meeting takes place after all"))
LOG_SUBMITTED = _certain("meetings.log_submitted", _("A return is waiting for you"))
LOG_RETURNED = _certain("meetings.log_returned", _("A question about your return"))
LOG_ACCEPTED = _certain("meetings.log_accepted", _("Your return is accepted"))
MEETING_COMING = Kind(
    name="meetings.meeting_coming", title=_("A meeting is coming up"), promise=Promise.AT_MOST_ONCE
)
LOG_MISSING = Kind(
    name="meetings.log_missing",
    title=_("A meeting is not logged yet"),
    promise=Promise.AT_MOST_ONCE,
)

KINDS = [
    MEMBER_INVITED,
    MEETING_INVITED,
    MEETING_MOVED,
    MEETING_CANCELLED,
    MEETING_REINSTATED,
    LOG_SUBMITTED,
    LOG_RETURNED,
    LOG_ACCEPTED,
]


def register() -> None:
    """Make the kinds known that are no reminders."""
    for kind in KINDS:
        register_kind(kind)


def coordinators_of(group: Group) -> list[User]:
    """The people who coordinate ``group`` today."""
    kinds = {RoleKind.NETWORK_COORDINATOR}
    return list(holders(kinds, on=timezone.localdate(), scope=Group, ids=[group.pk]))


def coordinators_of_each(groups: Collection[int]) -> dict[int, list[User]]:
    """The people who coordinate each of these groups today, by the group's id: one query."""
    kinds = {RoleKind.NETWORK_COORDINATOR}
    return holders_of_each(kinds, on=timezone.localdate(), scope=Group, ids=groups)


def people_of_each(groups: Collection[int]) -> dict[int, list[User]]:
    """Everybody with an account whom each group's dates concern, members and coordinators, by the
    group's id: two queries."""
    found = {pk: {one.pk: one for one in some} for pk, some in coordinators_of_each(groups).items()}
    members = Member.objects.current().filter(group__in=groups, person__is_active=True)
    for member in members.select_related("person"):
        if member.person:
            found.setdefault(member.group_id, {})[member.person.pk] = member.person
    return {pk: sorted(people.values(), key=lambda one: one.pk) for pk, people in found.items()}


def people_of(group: Group) -> list[User]:
    """Everybody with an account whom the group's dates concern: members and coordinators."""
    return people_of_each({group.pk}).get(group.pk, [])


def reviewers_of(group: Group) -> list[User]:
    """The networks team, for the kind of group whose logs it reads."""
    if group.kind != GroupKind.LOCAL_NETWORK:
        return []
    kinds = {RoleKind.NETWORKS_LEAD, RoleKind.NETWORKS_MANAGER}
    return list(holders(kinds, on=timezone.localdate()))


def _send(kind: Kind, to: Iterable[User], about: Any, now: datetime, **context: Any) -> None:
    for person in to:
        queue(kind=kind, to=person, about=about, now=now, context=context, period=now.isoformat())


def meeting_words(meeting: Meeting) -> dict[str, Any]:
    """What every message about a meeting says."""
    return {
        "meeting": meeting,
        "group": meeting.group,
        "path": reverse("meetings:meeting", args=[meeting.pk]),
    }


def of_new_member(*, member: Member, email: str, token: str, now: datetime) -> None:
    """Invite somebody without an account to join; the link in it is a key."""
    queue(
        kind=MEMBER_INVITED,
        to=email,
        about=member,
        now=now,
        context={
            "member": member,
            "group": member.group,
            "path": reverse("accounts:invitation", args=[token]),
        },
        period=str(member.invitation_id),
    )


def of_invitation(*, meeting: Meeting, now: datetime) -> None:
    """Invite everybody to the meeting."""
    _send(MEETING_INVITED, people_of(meeting.group), meeting, now, **meeting_words(meeting))


def of_moved_meeting(*, meeting: Meeting, now: datetime) -> None:
    """Say the new date or place to those who were told of the old one; old reminders go."""
    told = _told_of(meeting)
    withdraw(kind=MEETING_COMING, about=meeting, problem="moved")
    withdraw(kind=MEETING_INVITED, about=meeting, problem="moved")
    _send(MEETING_MOVED, told, meeting, now, **meeting_words(meeting))


def of_cancelled_meeting(*, meeting: Meeting, reason: str, now: datetime) -> None:
    """Say that a coming meeting will not be, to those who were told of it."""
    told = _told_of(meeting)
    withdraw(kind=MEETING_COMING, about=meeting, problem="cancelled")
    withdraw(kind=MEETING_INVITED, about=meeting, problem="cancelled")
    if meeting.starts_at > now:
        _send(MEETING_CANCELLED, told, meeting, now, reason=reason, **meeting_words(meeting))


def of_reinstated_meeting(*, meeting: Meeting, now: datetime) -> None:
    """Say that a cancelled meeting takes place after all, to those who heard of it before."""
    if meeting.starts_at > now:
        _send(MEETING_REINSTATED, _told_of(meeting), meeting, now, **meeting_words(meeting))


def _told_of(meeting: Meeting) -> list[User]:
    """The people of the group who have been sent, or will be sent, word of this meeting."""
    words = Message.objects.filter(
        content_type=ContentType.objects.get_for_model(Meeting), object_id=str(meeting.pk)
    ).exclude(state=MessageState.DROPPED)
    told = set(words.values_list("recipient_id", flat=True))
    return [
        person for person in people_of(meeting.group) if meeting.invited_at or person.pk in told
    ]


def of_sent_log(*, log: MeetingLog, now: datetime) -> None:
    """Tell those who read logs that one waits."""
    words = _log_words(log) | {"path": review_page_of(log)}
    _send(LOG_SUBMITTED, reviewers_of(log.meeting.group), log, now, **words)


def of_returned_log(*, log: MeetingLog, message: LogMessage, now: datetime) -> None:
    """Pass the question on to the coordinators."""
    quoted = "\n".join(f"> {as_typed(line)}" for line in message.text.splitlines())
    words = _log_words(log) | {"question": quoted}
    _send(LOG_RETURNED, coordinators_of(log.meeting.group), log, now, **words)


def of_accepted_log(*, log: MeetingLog, now: datetime) -> None:
    """Tell the coordinators that all is well with their return."""
    _send(LOG_ACCEPTED, coordinators_of(log.meeting.group), log, now, **_log_words(log))


def _log_words(log: MeetingLog) -> dict[str, Any]:
    path = reverse("meetings:log", args=[log.meeting_id])
    return meeting_words(log.meeting) | {"path": path}
