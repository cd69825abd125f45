"""The first Demonstrator, with example practices whose changes lead up to the day of loading."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from string import ascii_uppercase
from typing import Any

from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from demonstrators.coverage import add_months
from demonstrators.models import CoachPost, Demonstrator, PlanPoint, Site
from demonstrators.transitions import SITE_FUNCTIONS
from partners.models import Organisation
from projects.enums import DeliveryModel
from projects.models import Project

from .frame import Programme

EMBEDDED = 9


def load(programme: Programme) -> None:
    """Load ``data/demonstrators.yaml``. What is there already is left as it is."""
    data = programme.data("demonstrators")
    project = _project(programme, data)
    coach = programme.person("improvement.coach", "Improvement coach")
    programme.role(coach, RoleKind.IMPROVEMENT_COACH, project)
    demonstrator = programme.put(Demonstrator, {"project": project}, **data["demonstrator"])
    university = _organisation(programme, data["university"])
    for row in data["posts"]:
        fields = {key: row[key] for key in row if key != "title"}
        employer = university if row["state"] == "planned" else None
        by = {"demonstrator": demonstrator, "title": row["title"]}
        programme.put(CoachPost, by, employer=employer, **fields)
    _plan(programme, demonstrator, data)
    _practices(programme, demonstrator, data, coach)


def _organisation(programme: Programme, row: dict[str, Any]) -> Organisation:
    fields = {key: row[key] for key in row if key != "name"}
    return programme.put(Organisation, {"name": row["name"]}, **fields)


def _project(programme: Programme, data: dict[str, Any]) -> Project:
    """The host's Demonstrator, which the projects' part has made, or else made here."""
    host = _organisation(programme, data["host"])
    model = DeliveryModel.DEMONSTRATOR
    found = Project.objects.filter(model=model, host=host, is_example=False).order_by("id").first()
    if found:
        return found
    fields = {key: data["project"][key] for key in ("title", "summary")}
    by = {"slug": data["project"]["slug"], "model": model}
    return programme.put(Project, by, host=host, is_public=True, **fields)


def _plan(programme: Programme, demonstrator: Demonstrator, data: dict[str, Any]) -> None:
    if demonstrator.plan_points.exists():
        return
    this_month = timezone.localdate(programme.now).replace(day=1)
    for months, sites in data["plan"]:
        by = {"demonstrator": demonstrator, "month": add_months(this_month, months)}
        programme.put(PlanPoint, by, sites_planned=sites, is_example=True)


def _practices(
    programme: Programme, demonstrator: Demonstrator, data: dict[str, Any], coach: User
) -> None:
    chance = programme.chance("demonstrators")
    today = timezone.localdate(programme.now)
    ways = [*_ways_in(data, chance), *data["others"]]
    chance.shuffle(ways)
    areas = [area for area, count in data["areas"].items() for _place in range(count)]
    for letters, area, way in zip(_letters(), areas, ways, strict=False):
        people = chance.randrange(320, 1_180, 10)
        # Drawn before anything is skipped, so that a second run draws the same.
        reasons = [chance.choice(data["reasons"][step]) for step, _days in way]
        by = {"demonstrator": demonstrator, "name": f"Example Practice {letters}"}
        site = programme.put(Site, by, area=area, population=people, is_example=True)
        if not site.moves.exists():
            for (step, days), reason in zip(way, reasons, strict=True):
                day = today - timedelta(days=days)
                at = timezone.make_aware(datetime.combine(day, time(16, 30)))
                SITE_FUNCTIONS[step](obj=site, by=coach, now=at, reason=reason)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB and so on."""
    yield from ascii_uppercase
    yield from (f"A{letter}" for letter in ascii_uppercase)


def _ways_in(data: dict[str, Any], chance: Random) -> Iterator[list[tuple[str, int]]]:
    """How each practice that takes part came to it, as (step, days ago); some skip a step."""
    for place, joined in enumerate(data["joined_days_ago"]):
        way = [("approach", joined + chance.randrange(45, 100))]
        if chance.random() < 0.75:
            way.append(("engage", joined + chance.randrange(8, 40)))
        way.append(("implement", joined))
        if place < EMBEDDED:
            way.append(("embed", joined - chance.randrange(180, 400)))
        yield way
