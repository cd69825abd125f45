"""Groups that are no local networks: the five assemblies, and the network coordinators."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import RoleKind
from core.enums import Nation
from meetings.enums import GroupKind, MeetingState, Perspective
from meetings.models import Group, Meeting, Member

from .frame import Programme

# Example hours: two till four in the afternoon.
BEGINS, LASTS = time(14, 0), timedelta(hours=2)
JOINED = date(2022, 5, 2)


def load(programme: Programme) -> None:
    """Make the groups, their example meetings and the roles of two kinds of account."""
    data = programme.data("meetings")
    for entry in data["groups"]:
        kind = GroupKind(entry["kind"])
        nation = Nation(entry["nation"]) if entry["nation"] else ""
        group = programme.put(Group, {"kind": kind, "name": entry["name"]}, nation=nation)
        if kind == GroupKind.ASSEMBLY:
            put_meetings(programme, group, data["assembly_meetings"])
        else:
            put_meetings(programme, group, data["coordinators_meetings"])
            _join_coordinators(programme, group, data["coordinators"])
    wales = Group.objects.get(kind=GroupKind.ASSEMBLY, nation=Nation.WALES)
    person = programme.person("assembly.member", "Assembly member")
    put_member(programme, wales, person.preferred_name, Perspective.CARER, person)
    programme.role(person, RoleKind.ASSEMBLY_MEMBER, wales)


def _join_coordinators(programme: Programme, group: Group, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        person = programme.person(entry["key"], entry["name"])
        put_member(programme, group, person.preferred_name, "", person)
        programme.role(person, RoleKind.NETWORK_MEMBER, group)


def put_member(
    programme: Programme, group: Group, name: str, perspective: str, person: Any = None
) -> Member:
    """The example member ``name`` of ``group``."""
    return programme.put(
        Member,
        {"group": group, "name": name},
        perspective=perspective,
        person=person,
        joined_on=JOINED,
        is_example=True,
    )


def put_meetings(
    programme: Programme, group: Group, entries: list[dict[str, Any]], place: str = ""
) -> list[Meeting]:
    """Example meetings of ``group``, held where their day has passed.

    An entry stands on a ``day``, or so many ``days`` after the day of loading.
    """
    return [_put_meeting(programme, group, entry, place) for entry in entries]


def _put_meeting(programme: Programme, group: Group, entry: dict[str, Any], place: str) -> Meeting:
    starts_at = moment_of(programme, entry)
    held = starts_at < programme.now
    return programme.put(
        Meeting,
        {"group": group, "number": entry["number"]},
        title=entry["title"],
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        place=place,
        state=MeetingState.HELD if held else MeetingState.PLANNED,
        is_example=True,
    )


def moment_of(programme: Programme, entry: dict[str, Any]) -> datetime:
    """2pm in London on the day that ``entry`` says."""
    day = entry.get("day") or timezone.localtime(programme.now).date() + timedelta(
        days=entry["days"]
    )
    return timezone.make_aware(datetime.combine(day, BEGINS))
