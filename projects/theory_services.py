"""Writes about a theory of change. Each locks the project, so that two never make a circle."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.versions import ChangedMeanwhile, version_of

from . import services, theory
from .enums import TheoryKind
from .models import Project, TheoryLink, TheoryPart


class TheoryRefused(Exception):
    """The theory of change cannot become so. ``str()`` says why and is fit to be shown."""


def add_part(  # noqa: PLR0913 - the arguments of services.add_part() itself
    *,
    model: type[models.Model],
    project: Project,
    values: Mapping[str, Any],
    once_key: UUID,
    by: Any,
    now: datetime,
) -> TheoryPart:
    """Add a box at the end of its kind. Errors: ``TheoryRefused`` where there are too many."""
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        others = TheoryPart.objects.filter(project=project)
        held = others.filter(once_key=once_key).first()
        if held is None:
            _check_room(others, values["kind"])
        last = others.filter(kind=values["kind"]).aggregate(last=models.Max("place"))["last"]
        place = held.place if held else 0 if last is None else last + 1
        return services.add_part(
            model=model,
            project=project,
            values={**values, "place": place},
            once_key=once_key,
            by=by,
            now=now,
        )


def _check_room(others: models.QuerySet[TheoryPart], kind: str) -> None:
    goals = others.filter(kind=TheoryKind.GOAL).count()
    if kind == TheoryKind.GOAL and goals >= theory.MOST_GOALS:
        raise TheoryRefused(
            _("There are %(most)s long-term goals already, which is the most. Change one instead.")
            % {"most": theory.MOST_GOALS}
        )
    if others.count() >= theory.MOST_PARTS:
        raise TheoryRefused(
            _("There are %(most)s parts already. Put some together first.")
            % {"most": theory.MOST_PARTS}
        )


def links_version(part: TheoryPart) -> str:
    """The version of what ``part`` leads to, as a form carries it."""
    return version_of({"targets": sorted(part.leads_to.values_list("target_id", flat=True))})


def set_links(
    *, obj: TheoryPart, targets: Iterable[TheoryPart], seen: str | None, by: Any, now: datetime
) -> None:
    """Let ``obj`` lead to exactly ``targets``.

    Errors: ``ChangedMeanwhile``; ``TheoryRefused`` for a link that its kind cannot have, to another
    project, or by which somebody could come back to where they began.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=obj.project_id)
        part = TheoryPart.objects.get(pk=obj.pk)
        wanted = {target.pk: target for target in targets}
        held = dict(part.leads_to.values_list("target_id", "target__text"))
        if set(held) == set(wanted):
            return
        version = links_version(part)
        if seen is not None and version != seen:
            raise ChangedMeanwhile(version)
        _check_links(part, wanted)
        part.leads_to.exclude(target__in=wanted).delete()
        TheoryLink.objects.bulk_create(
            TheoryLink(source=part, target_id=pk, is_example=part.is_example)
            for pk in sorted(set(wanted) - set(held))
        )
        audit.record(
            action=AuditAction.CHANGED,
            obj=part.project,
            by=by,
            now=now,
            changes={"theory_links": ["", part.text]},
            note="; ".join(sorted(str(one) for one in wanted.values()))[:300],
        )


def _check_links(part: TheoryPart, wanted: Mapping[int, TheoryPart]) -> None:
    allowed = theory.MAY_LEAD_TO[TheoryKind(part.kind)]
    for target in wanted.values():
        if target.project_id != part.project_id or target.kind not in allowed:
            raise TheoryRefused(_("“%(part)s” cannot lead to that.") % {"part": part})
    others = TheoryLink.objects.filter(source__project=part.project_id).exclude(source=part)
    pairs = [*others.values_list("source_id", "target_id"), *((part.pk, pk) for pk in wanted)]
    if theory.has_cycle(pairs):
        raise TheoryRefused(
            _("That would go round in a circle. Choose only what comes after “%(part)s”.")
            % {"part": part}
        )


def move(*, obj: TheoryPart, up: bool, by: Any, now: datetime) -> None:
    """Let ``obj`` change places with the one before or after it of its kind, if there is one."""
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=obj.project_id)
        row = list(TheoryPart.objects.filter(project=obj.project_id, kind=obj.kind))
        here = next(place for place, part in enumerate(row) if part.pk == obj.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(row):
            return
        row[here], row[there] = row[there], row[here]
        for place, part in enumerate(row):
            part.place = place
        TheoryPart.objects.bulk_update(row, ["place"])
        audit.record(
            action=AuditAction.CHANGED,
            obj=obj.project,
            by=by,
            now=now,
            changes={"theory_moved": ["", obj.text]},
        )
