"""What pages need to know of networks, their local networks and the returns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.rules import is_networks_team
from core.enums import Nation
from core.todo import Todo
from meetings.enums import ActionState, GroupKind, LogState, MeetingState, Presence
from meetings.models import Group, Meeting, MeetingLog, Member
from meetings.selectors import LATE_AFTER, Arrangements, arrangements_for

from .fidelity import Figures, Hint, Shape, hints
from .models import LocalNetwork, Network

NATION_ORDER = {value: place for place, value in enumerate(Nation.values)}
# A log that is missing for longer than this is history; nobody is told of it every day.
LATE_UNTIL = timedelta(days=60)


@dataclass(frozen=True)
class LocalRow:
    """One local network beside the others, in figures."""

    local_network: LocalNetwork
    members: int
    groups: int
    held: int
    planned: int
    returns: dict[str, int]
    actions_open: int
    actions_ended: int
    next_meeting: Meeting | None
    hints: list[Hint]

    @property
    def waiting(self) -> int:
        return self.returns.get(LogState.SUBMITTED, 0)

    @property
    def returned(self) -> int:
        return self.returns.get(LogState.RETURNED, 0)

    @property
    def accepted(self) -> int:
        return self.returns.get(LogState.ACCEPTED, 0)

    @property
    def not_logged(self) -> int:
        return self.held - self.waiting - self.returned - self.accepted


@dataclass(frozen=True)
class Home:
    """What a coordinator finds on the page of their local network."""

    row: LocalRow
    arrangements: Arrangements
    last_return: MeetingLog | None
    asked: list[MeetingLog]
    to_log: list[Meeting]

    @property
    def waits(self) -> bool:
        """Whether a question is to be answered or a log to be written."""
        return bool(self.asked or self.to_log)


def home_of_local_network(group: Group) -> str:
    """The address of the local network that meets as ``group``; of the group if there is none."""
    pk = LocalNetwork.objects.filter(group=group).values_list("pk", flat=True).first()
    if pk is None:
        return reverse("meetings:group", args=[group.pk])
    return reverse("networks:local", args=[pk])


def review_page(log: MeetingLog) -> str:
    """The address at which the networks team accepts or returns ``log``."""
    return reverse("networks-staff:return", args=[log.pk])


def shape_of(network: Network) -> Shape:
    return Shape(
        members_min=network.members_min,
        members_max=network.members_max,
        meetings_planned=network.meetings_planned,
        span_months=network.span_months,
    )


def rows_of(local_networks: QuerySet[LocalNetwork], now: datetime) -> list[LocalRow]:
    """The figures of each local network, in the nations' order; four queries for any number."""
    members = Prefetch("group__members", Member.objects.current(), to_attr="current_members")
    meetings = Prefetch(
        "group__meetings",
        Meeting.objects.exclude(state=MeetingState.CANCELLED)
        .select_related("log")
        .order_by("starts_at", "id"),
        to_attr="standing_meetings",
    )
    listed = local_networks.select_related("network__project", "group").annotate(
        actions_open=Count("group__actions", filter=Q(group__actions__state=ActionState.OPEN)),
        actions_all=Count("group__actions"),
    )
    found = [_row(one, now) for one in listed.prefetch_related(members, meetings)]
    return sorted(found, key=lambda row: _place(row.local_network))


def _place(one: LocalNetwork) -> tuple[int, str]:
    return NATION_ORDER.get(one.nation, len(NATION_ORDER)), one.name


def _row(one: Any, now: datetime) -> LocalRow:
    meetings, members = one.group.standing_meetings, one.group.current_members
    returns: dict[str, int] = {}
    for meeting in meetings:
        if log := getattr(meeting, "log", None):
            returns[log.state] = returns.get(log.state, 0) + 1
    coming = [meeting for meeting in meetings if meeting.starts_at > now]
    perspectives = frozenset(member.perspective for member in members if member.perspective)
    days = tuple(timezone.localtime(meeting.starts_at).date() for meeting in meetings)
    return LocalRow(
        local_network=one,
        members=len(members),
        groups=len(perspectives),
        held=len(meetings) - len(coming),
        planned=one.network.meetings_planned,
        returns=returns,
        actions_open=one.actions_open,
        actions_ended=one.actions_all - one.actions_open,
        next_meeting=coming[0] if coming else None,
        hints=hints(shape_of(one.network), Figures(len(members), perspectives, days)),
    )


def home(local_network: LocalNetwork, now: datetime) -> Home:
    """All that the page of a local network shows its coordinator."""
    row = rows_of(LocalNetwork.objects.filter(pk=local_network.pk), now)[0]
    group = local_network.group
    sent = list(
        MeetingLog.objects.sent()
        .filter(meeting__group=group)
        .select_related("meeting__group")
        .order_by("-meeting__starts_at")
    )
    to_log = Meeting.objects.to_log(now).filter(group=group).select_related("log")
    return Home(
        row=row,
        arrangements=arrangements_for(group),
        last_return=sent[0] if sent else None,
        asked=[log for log in sent if log.state == LogState.RETURNED],
        to_log=list(to_log),
    )


def returns_to_list() -> QuerySet:
    """The logs that local networks have sent, with what a list of them shows."""
    came = Count("meeting__attendances", filter=Q(meeting__attendances__presence=Presence.CAME))
    return (
        MeetingLog.objects.sent()
        .filter(meeting__group__kind=GroupKind.LOCAL_NETWORK)
        .select_related("meeting__group__local_network__network__project")
        .annotate(
            came=came,
            noted=Count("meeting__attendances"),
            nation=F("meeting__group__nation"),
        )
    )


def late_meetings(now: datetime) -> QuerySet[Meeting]:
    """Meetings of local networks of the last two months whose log should have come by now."""
    span = (now - LATE_UNTIL, now - LATE_AFTER)
    late = Meeting.objects.to_log(now).filter(
        group__kind=GroupKind.LOCAL_NETWORK, starts_at__range=span
    )
    return late.select_related("group__local_network")


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for the networks team: returns to read, and logs that have not come."""
    if not is_networks_team(user):
        return []
    url = reverse("networks-staff:returns")
    waiting = MeetingLog.objects.filter(
        state=LogState.SUBMITTED, meeting__group__kind=GroupKind.LOCAL_NETWORK
    )
    found = []
    if count := waiting.count():
        words = ngettext("return to read", "returns to read", count)
        found.append(Todo(text=words, url=f"{url}?state={LogState.SUBMITTED}", count=count))
    if count := late_meetings(now).count():
        words = ngettext("meeting whose log is late", "meetings whose log is late", count)
        found.append(Todo(text=words, url=f"{url}#late", count=count, is_late=True))
    return found


def networks_with_rows(
    networks: Iterable[Network], now: datetime
) -> list[tuple[Any, list[LocalRow]]]:
    """Each network with the figures of its local networks; five queries for any number."""
    networks = list(networks)
    rows = rows_of(LocalNetwork.objects.filter(network__in=networks), now)
    return [
        (network, [row for row in rows if row.local_network.network_id == network.pk])
        for network in networks
    ]
