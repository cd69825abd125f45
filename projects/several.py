"""One change in several projects: looked at first, made as each single change would be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.versions import version_of

from . import services
from .models import Project
from .tags import MOST_TAGS

# As many as can be looked through before they are changed, and are changed in a breath.
MOST = 200


class Deed(models.TextChoices):
    """What can be changed in several projects at once."""

    ADD_TAG = "add_tag", gettext_lazy("Add a tag")
    TAKE_TAG = "take_tag", gettext_lazy("Take a tag away")
    LEAD = "lead", gettext_lazy("Change the lead")
    PHASE = "phase", gettext_lazy("Move to another phase")


FIELDS = {Deed.ADD_TAG: "tags", Deed.TAKE_TAG: "tags", Deed.LEAD: "lead", Deed.PHASE: "phase"}


@dataclass(frozen=True)
class Line:
    """What a change would do to one project: from ``before`` to ``after``.

    ``seen`` is the version of what would change; ``problem`` says why it cannot be changed. Two
    people may have one name, so that ``changes`` is not told by the words.
    """

    project: Project
    before: str
    after: str
    seen: str
    problem: str = ""
    changes: bool = False


@dataclass
class Done:
    """What came of it: how many were changed, how many had it already, and which were left."""

    changed: int = 0
    same: int = 0
    left: list[str] = field(default_factory=list)


def picked(projects: models.QuerySet, ids: Iterable[str]) -> models.QuerySet:
    """Of ``projects`` those with these ids, as they come out of a form."""
    return projects.filter(pk__in=[int(one) for one in ids if one.isdecimal() and len(one) < 19])


def preview(projects: models.QuerySet, deed: Deed, value: Any, user: Any) -> list[Line]:
    """What would happen to each of at most ``MOST`` projects, by title: two queries."""
    rows = projects.order_by("title", "id").select_related("lead", "phase", "host")
    return [_line(one, deed, value, user) for one in rows.prefetch_related("tags")[:MOST]]


def change(*, seen: Mapping[int, str], deed: Deed, value: Any, by: Any, now: datetime) -> Done:
    """Make the change in the projects whose ids ``seen`` names.

    ``seen`` has for each the version that the person looked at; what somebody else changed since
    is left, and so is what ``by`` may not change. A second click finds nothing left to change.
    """
    done = Done()
    for pk in sorted(seen):
        with transaction.atomic():
            project = Project.objects.visible_to(by).select_for_update().filter(pk=pk).first()
            if project is None:
                continue
            line = _line(project, deed, value, by)
            if line.problem:
                done.left.append(project.title)
            elif not line.changes:
                done.same += 1
            elif line.seen != seen[pk]:
                done.left.append(project.title)
            else:
                _make(project, deed, value, by, now)
                done.changed += 1
    return done


def _line(project: Project, deed: Deed, value: Any, user: Any) -> Line:
    may = user.has_perm("projects.change_project", project)
    problem = "" if may else _("You do not run this project.")
    before, after = _before_and_after(project, deed, value)
    stands = project.lead_id if deed == Deed.LEAD else before
    wanted = value.pk if deed == Deed.LEAD else after
    if deed == Deed.ADD_TAG and before != after and len(project.tags.all()) >= MOST_TAGS:
        problem = _("It has %(most)s tags, and no more fit.") % {"most": MOST_TAGS}
    changes = not problem and stands != wanted
    return Line(project, before, after, version_of({FIELDS[deed]: stands}), problem, changes)


def _before_and_after(project: Project, deed: Deed, value: Any) -> tuple[str, str]:
    if deed == Deed.LEAD:
        return str(project.lead or _("Nobody yet")), str(value)
    if deed == Deed.PHASE:
        return str(project.phase or _("No phase yet")), str(value)
    tags = sorted(tag.name for tag in project.tags.all())
    return ", ".join(tags) or _("No tags"), ", ".join(_tags_after(tags, deed, value)) or _(
        "No tags"
    )


def _tags_after(tags: list[str], deed: Deed, tag: str) -> list[str]:
    others = [one for one in tags if one.casefold() != tag.casefold()]
    if deed == Deed.TAKE_TAG:
        return others
    return tags if len(others) < len(tags) else sorted([*tags, tag])


def _make(project: Project, deed: Deed, value: Any, by: Any, now: datetime) -> None:
    if FIELDS[deed] == "tags":
        value = _tags_after(sorted(tag.name for tag in project.tags.all()), deed, value)
    services.change_fact(obj=project, name=FIELDS[deed], value=value, by=by, now=now)
