"""The first Ask IMPACT guide, the evidence library, and the shared workforce priorities."""

import uuid
from typing import Any

from accounts.models import User
from core.enums import Nation
from guides import transitions
from guides.enums import GuideState, Helped, UserRole
from guides.models import (
    Consideration,
    Guide,
    GuideVersion,
    Resource,
    SignOff,
    UseFeedback,
    WorkforcePriority,
)
from partners.models import Organisation
from projects.enums import DeliveryModel
from projects.models import Project

from .frame import Programme


def load(programme: Programme) -> None:
    """Make what is missing; the guide goes through its steps to being published."""
    data = programme.data("guides")
    owners = {
        name: programme.put(Organisation, {"name": name}, **fields)
        for name, fields in data["organisations"].items()
    }
    priorities = [
        programme.put(WorkforcePriority, {"number": number}, title=title)
        for number, title in enumerate(data["priorities"], start=1)
    ]
    for priority in priorities:
        for name in data["bodies"]:
            programme.put(SignOff, {"priority": priority, "body": owners[name]})
    for entry in data["resources"]:
        _resource(programme, entry, owners, priorities)
    _guide(programme, data["guide"])


def _resource(
    programme: Programme,
    entry: dict[str, Any],
    owners: dict[str, Organisation],
    priorities: list[WorkforcePriority],
) -> None:
    number = entry.get("priority")
    plain = {
        key: entry[key] for key in ["kind", "summary", "dated", "nation", "status"] if key in entry
    }
    programme.put(
        Resource,
        {"title": entry["title"]},
        owner=owners[entry["owner"]],
        priority=priorities[number - 1] if number else None,
        **plain,
    )


def _guide(programme: Programme, data: dict[str, Any]) -> None:
    guide = programme.put(
        Guide, {"slug": data["slug"]}, title=data["title"], project=_project(programme, data)
    )
    version = programme.put(
        GuideVersion,
        {"guide": guide, "number": 1},
        question=data["question"],
        context=data["context"],
    )
    for order, entry in enumerate(data["considerations"], start=1):
        programme.put(Consideration, {"version": version, "order": order}, **entry, is_example=True)
    if guide.state == GuideState.QUESTION and not guide.state_changed_at:
        manager = User.objects.get(email="programme.manager@example.org")
        for step in ["scope", "draft", "review", "publish"]:
            guide = transitions.STEPS[step](obj=guide, by=manager, now=programme.now)
    if not guide.feedback.exists():
        _feedback(programme, guide, data["feedback"])


def _project(programme: Programme, data: dict[str, Any]) -> Project:
    """The guide's project: that of the projects' own part, which is loaded before this one."""
    return programme.put(
        Project, {"slug": data["project_slug"]}, title=data["title"], model=DeliveryModel.GUIDE
    )


def _feedback(programme: Programme, guide: Guide, data: dict[str, Any]) -> None:
    chance = programme.chance("guides")
    rows = [
        UseFeedback(
            guide=guide,
            once_key=uuid.UUID(int=chance.getrandbits(128), version=4),
            used_for=chance.choice(data["texts"]),
            helped=chance.choice(Helped.values),
            nation=chance.choice([*Nation.values, ""]),
            role=chance.choice([*UserRole.values, ""]),
            is_example=True,
        )
        for _number in range(data["count"])
    ]
    UseFeedback.objects.bulk_create(rows)
    programme.made += len(rows)
