"""The first network and its four local networks; members and what they said are example data."""

from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import AccessNeeds
from accounts.services import ACCESS_NEEDS_KEPT
from core.enums import Nation
from meetings.enums import (
    ActionState,
    GroupKind,
    LogState,
    MeetingState,
    Perspective,
    Presence,
    Speech,
)
from meetings.models import (
    Action,
    Attendance,
    Group,
    GuestCount,
    LogMessage,
    LogQuote,
    LogSuggestion,
    LogTheme,
    Meeting,
    MeetingLog,
    Member,
)
from networks.models import LocalNetwork, Network
from projects.enums import DeliveryModel
from projects.models import Project

from .frame import Programme
from .meetings import put_meetings, put_member

EXAMPLE = {"is_example": True}


def load(programme: Programme) -> None:
    """Make the network, its local networks, and what the meetings of 2022 brought."""
    data = programme.data("networks")
    project = programme.put(
        Project,
        {"slug": data["project"]["slug"]},
        title=data["project"]["title"],
        model=DeliveryModel.NETWORK,
    )
    network = programme.put(Network, {"project": project}, question=data["question"])
    names = list(data["names"])
    programme.chance("networks").shuffle(names)
    for entry in data["local_networks"]:
        group = _local_network(programme, network, entry)
        members = _members(programme, data, entry, group, names)
        for meeting in put_meetings(programme, group, data["meetings"], entry["place"]):
            _what_it_brought(programme, data, entry, meeting, members)


def _local_network(programme: Programme, network: Network, entry: dict[str, Any]) -> Group:
    nation = Nation(entry["nation"])
    group = programme.put(
        Group, {"kind": GroupKind.LOCAL_NETWORK, "name": entry["group"]}, nation=nation
    )
    programme.put(LocalNetwork, {"network": network, "nation": nation, "name": ""}, group=group)
    coordinator = programme.person(entry["coordinator"], entry["name"])
    programme.role(coordinator, RoleKind.NETWORK_COORDINATOR, group)
    return group


def _members(
    programme: Programme,
    data: dict[str, Any],
    entry: dict[str, Any],
    group: Group,
    names: list[str],
) -> list[Member]:
    """So many members of each of the five groups; one of them signs in."""
    members = []
    own = data["member"] if data["member"]["nation"] == entry["nation"] else None
    for perspective, count in zip(Perspective.values, entry["members"], strict=True):
        for _place in range(count):
            name = names.pop()
            person = None
            if own:
                name, person = own["name"], programme.person(own["key"], own["name"])
                own = None
            members.append(put_member(programme, group, name, perspective, person))
            if person:
                _sign_in_member(programme, person, group, data["member_needs"])
    return members


def _sign_in_member(programme: Programme, person: Any, group: Group, needs: str) -> None:
    programme.role(person, RoleKind.NETWORK_MEMBER, group)
    keep_until = timezone.localdate(programme.now + ACCESS_NEEDS_KEPT)
    programme.put(AccessNeeds, {"person": person}, needs=needs, keep_until=keep_until, **EXAMPLE)


def _what_it_brought(
    programme: Programme,
    data: dict[str, Any],
    entry: dict[str, Any],
    meeting: Meeting,
    members: list[Member],
) -> None:
    """Attendance and log of a meeting that was held. Wales has not logged its first one yet."""
    state = entry["july"] if meeting.number == 1 else LogState.ACCEPTED
    if meeting.state != MeetingState.HELD or not state or hasattr(meeting, "log"):
        return
    chance = programme.chance(f"networks:{entry['nation']}:{meeting.number}")
    sent = meeting.starts_at + timedelta(days=chance.randint(1, 5))
    log = MeetingLog.objects.create(
        meeting=meeting,
        shared=data["shared"][meeting.number],
        helped=chance.choice(data["helped"]),
        state=LogState(state),
        submitted_at=sent,
        accepted_at=sent + timedelta(days=3) if state == LogState.ACCEPTED else None,
        **EXAMPLE,
    )
    programme.made += 1
    _attendance(chance, meeting, members)
    _words(chance, data, log)
    _actions(programme, data, meeting, members)
    if state == LogState.RETURNED:
        by = programme.person("networks.manager", "Networks manager")
        LogMessage.objects.create(
            log=log,
            speech=Speech.QUESTION,
            text=data["july_question"],
            by=by,
            at=sent + timedelta(days=2),
            **EXAMPLE,
        )


def _attendance(chance: Random, meeting: Meeting, members: list[Member]) -> None:
    kinds, weights = [Presence.CAME, Presence.APOLOGIES, Presence.ABSENT], [8, 2, 1]
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            member=member,
            presence=chance.choices(kinds, weights)[0],
            **EXAMPLE,
        )
        for member in members
    )
    if chance.random() < 0.5:
        guest = chance.choice([Perspective.CARER, Perspective.PROVIDER])
        GuestCount.objects.create(
            meeting=meeting, perspective=guest, number=chance.randint(1, 2), **EXAMPLE
        )


def _words(chance: Random, data: dict[str, Any], log: MeetingLog) -> None:
    LogTheme.objects.bulk_create(
        LogTheme(log=log, text=text, **EXAMPLE) for text in chance.sample(data["themes"], 4)
    )
    LogSuggestion.objects.bulk_create(
        LogSuggestion(log=log, text=text, perspective=chance.choice(Perspective.values), **EXAMPLE)
        for text in chance.sample(data["suggestions"], 3)
    )
    LogQuote.objects.create(
        log=log,
        text=chance.choice(data["quotes"]),
        perspective=Perspective.LIVED_EXPERIENCE,
        has_consent=True,
        **EXAMPLE,
    )


def _actions(
    programme: Programme, data: dict[str, Any], meeting: Meeting, members: list[Member]
) -> None:
    for place, entry in enumerate(data["actions"].get(meeting.number, [])):
        day = meeting.starts_at + timedelta(days=60)
        if "days" in entry:
            day = programme.now + timedelta(days=entry["days"])
        Action.objects.create(
            group=meeting.group,
            meeting=meeting,
            text=entry["text"],
            owner=members[place],
            due_on=timezone.localdate(day),
            state=ActionState(entry.get("state", ActionState.OPEN)),
            outcome=entry.get("outcome", ""),
            **EXAMPLE,
        )
