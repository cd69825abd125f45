"""The Co-production Advisory Group: its charter as the induction meeting saw it, and example
members, meetings and one open proposal."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from accounts.enums import RoleKind
from coproduction import services
from coproduction.models import (
    Agreement,
    Ask,
    Charter,
    CharterVersion,
    Clause,
    ClausePlace,
    ClauseText,
    Comment,
    Position,
    Proposal,
)
from meetings.enums import GroupKind, MeetingState
from meetings.models import Group, Meeting, Member

from .frame import Programme


def load(programme: Programme) -> None:
    """Make the group, its charter in version 1, and what is example data about them."""
    data = programme.data("coproduction")
    group = programme.put(Group, {"kind": GroupKind.ADVISORY, "name": data["group"]})
    charter = programme.put(
        Charter, {"group": group}, title=data["title"], introduction=data["introduction"].strip()
    )
    version = _first_version(programme, charter, data)
    members = [_member(programme, group, entry) for entry in data["members"]]
    _meetings(programme, group, data["meetings"])
    if charter.proposals.exists():
        return
    _agreements(programme, version, members)
    _proposal(programme, version, members, data["proposal"])


def _first_version(programme: Programme, charter: Charter, data: dict[str, Any]) -> CharterVersion:
    first = CharterVersion.objects.filter(charter=charter, number=1).first()
    if first is not None:
        return first
    # The source does not say when the draft was written or shown: no date.
    version = programme.put(CharterVersion, {"charter": charter, "number": 1}, note=data["note"])
    wordings = []
    for entry in data["clauses"]:
        clause = Clause.objects.create(charter=charter)
        wordings.append(ClauseText.objects.create(clause=clause, first_version=version, **entry))
    services.put_in_place(version, wordings)
    programme.made += len(wordings)
    return version


def _member(programme: Programme, group: Group, entry: dict[str, Any]) -> Member:
    person = programme.person(entry["key"], entry["name"])
    programme.role(person, RoleKind.ADVISORY_MEMBER, group)
    return programme.put(
        Member,
        {"group": group, "person": person},
        name=entry["name"],
        perspective=entry["perspective"],
        joined_on=timezone.localdate(programme.now) - timedelta(days=60),
        is_example=True,
    )


def _meetings(programme: Programme, group: Group, entries: list[dict[str, Any]]) -> None:
    at_two = timezone.localtime(programme.now).replace(hour=14, minute=0, second=0, microsecond=0)
    for entry in entries:
        starts_at = at_two + timedelta(days=entry["days"])
        programme.put(
            Meeting,
            {"group": group, "number": entry["number"]},
            title=entry["title"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            place="Online",
            state=MeetingState.HELD if entry["held"] else MeetingState.PLANNED,
            is_example=True,
        )


def _agreements(programme: Programme, version: CharterVersion, members: list[Member]) -> None:
    chance = programme.chance("coproduction")
    made = [
        Agreement(
            wording_id=wording,
            member=member,
            agreed_at=programme.now - timedelta(days=chance.randint(5, 30)),
            is_example=True,
        )
        for wording in ClausePlace.objects.filter(version=version).values_list("wording", flat=True)
        for member in members
        if chance.random() < 0.5
    ]
    programme.made += len(Agreement.objects.bulk_create(made))


def _proposal(
    programme: Programme, version: CharterVersion, members: list[Member], entry: dict[str, Any]
) -> None:
    opened_at = programme.now - timedelta(days=entry["opened_days_ago"])
    wording = ClauseText.objects.get(first_version=version, heading=entry["clause"])
    proposal = programme.put(
        Proposal,
        {"charter": version.charter, "clause": wording.clause, "kind": "change"},
        based_on=version,
        replaces=wording,
        new_kind=wording.kind,
        new_heading=entry["heading"],
        new_text=entry["text"],
        reason=entry["reason"],
        proposed_by=members[entry["by"] - 1],
        opened_at=opened_at,
        closes_on=timezone.localdate(opened_at) + timedelta(days=version.charter.open_days),
        is_example=True,
    )
    for member in members:
        programme.put(Ask, {"proposal": proposal, "member": member}, is_example=True)
    for hours, position in enumerate(entry["positions"], start=1):
        programme.put(
            Position,
            {"proposal": proposal, "member": members[position["by"] - 1]},
            stance=position["stance"],
            reason=position["reason"],
            is_private=position.get("private", False),
            taken_at=opened_at + timedelta(hours=hours),
            is_example=True,
        )
    for number, comment in enumerate(entry["comments"], start=1):
        programme.put(
            Comment,
            {"once_key": uuid5(NAMESPACE_URL, f"example-comment-{number}")},
            proposal=proposal,
            said_by=members[comment["by"] - 1].person,
            said_at=opened_at + timedelta(days=1, hours=number),
            text=comment["text"],
            is_example=True,
        )
