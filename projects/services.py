"""Writes about projects, beside the changes of state, which stand in ``transitions.py``."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction, Nation
from core.retry import until_free
from core.versions import ChangedMeanwhile, details_of, version_of
from notifications.services import Outgoing, queue_all

from .enums import DeliveryModel, Rag
from .kinds import kind_of
from .models import Milestone, Project, ProjectNation, RagChange, Update
from .notifications import LEAD_GIVEN
from .tags import set_tags

AUDITED = [
    "title",
    "model",
    "summary",
    "nation_labels",
    "topics",
    "objectives",
    "tags",
    "phase",
    "host",
    "lead",
    "starts_on",
    "ends_on",
    "is_public",
]


class NotADraft(Exception):
    """A published update cannot be changed. ``str()`` is fit to be shown."""


def create_project(
    *,
    title: str,
    model: DeliveryModel | str,
    nations: Iterable[Nation | str],
    by: Any,
    now: datetime,
    once_key: UUID | None = None,
    topics: Iterable[Any] = (),
    objectives: Iterable[Any] = (),
    tags: Iterable[str] = (),
    usual_milestones: bool = False,
    **fields: Any,
) -> Project:
    """A proposed project, with its model's usual milestones if so asked.

    The same ``once_key`` a second time gives the first one's project.

    ``fields``: summary, phase, host, lead, starts_on, ends_on, is_public, is_example. ``by`` may
    be ``None`` when the portal itself makes it.
    """
    key = once_key or uuid4()
    with transaction.atomic():
        project, made = until_free(
            lambda: Project.objects.get_or_create(
                once_key=key,
                defaults={"title": title, "model": model, "slug": free_slug(title), **fields},
            )
        )
        if made:
            set_nations(project=project, nations=nations)
            project.topics.set(topics)
            project.objectives.set(objectives)
            set_tags(project=project, names=tags)
            if usual_milestones:
                _begin_with_milestones(project)
            audit.record(action=AuditAction.CREATED, obj=project, by=by, now=now)
            if not project.is_example:
                _tell_lead(project, by, now)
    return project


def _tell_lead(project: Project, by: Any, now: datetime) -> None:
    """Tell whoever leads ``project`` from now on, unless they did it themselves.

    With the morning's other news: whoever is given twenty at once gets one message.
    """
    lead = project.lead
    if lead is None or by is None or lead.pk == by.pk:
        return
    news = Outgoing(
        to=lead,
        about=project,
        period=now.isoformat(),
        context={"path": project.get_absolute_url()},
    )
    queue_all(kind=LEAD_GIVEN, messages=[news], now=now, together=True)


def _begin_with_milestones(project: Project) -> None:
    """The milestones that a project of its model usually has, in the language of whoever adds it;
    without dates."""
    Milestone.objects.bulk_create(
        Milestone(project=project, stage=stage, title=str(title), is_example=project.is_example)
        for stage, title in kind_of(project.model).milestones
    )


def free_slug(title: str) -> str:
    """An address for ``title`` that no project has yet."""
    base = slugify(title)[:70].strip("-") or "project"
    taken = set(
        Project.objects.filter(
            models.Q(slug=base) | models.Q(slug__startswith=f"{base}-")
        ).values_list("slug", flat=True)
    )
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def set_nations(*, project: Project, nations: Iterable[Nation | str]) -> None:
    """Let ``project`` work in exactly ``nations``."""
    wanted = set(nations)
    held = set(project.nation_rows.values_list("nation", flat=True))
    project.nation_rows.filter(nation__in=held - wanted).delete()
    ProjectNation.objects.bulk_create(
        ProjectNation(project=project, nation=nation) for nation in sorted(wanted - held)
    )


def change_project(
    *, obj: Project, values: Mapping[str, Any], seen: str | None, by: Any, now: datetime
) -> Project:
    """Save the facts of a project: the fields in ``values``, as the form names them.

    ``seen`` is :func:`facts_version` when the person opened it. Errors: ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=obj.pk)
        version = facts_version(project)
        if seen is not None and version != seen:
            raise ChangedMeanwhile(version)
        before = _snapshot(project)
        parts = dict(values)
        nations, topics = parts.pop("nations"), parts.pop("topics")
        objectives, tags = parts.pop("objectives"), parts.pop("tags", None)
        for name, value in parts.items():
            setattr(project, name, value)
        project.save()
        set_nations(project=project, nations=nations)
        project.topics.set(topics)
        project.objectives.set(objectives)
        if tags is not None:
            set_tags(project=project, names=tags)
        changes = audit.changed(before, _snapshot(project))
        if changes:
            audit.record(action=AuditAction.CHANGED, obj=project, by=by, now=now, changes=changes)
        if "lead" in changes:
            _tell_lead(project, by, now)
    return project


def change_fact(*, obj: Project, name: str, value: Any, by: Any, now: datetime) -> Project:
    """Save one fact of a project: its ``lead``, its ``phase`` or all its ``tags``."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=obj.pk)
        before = _snapshot(project)
        if name == "tags":
            set_tags(project=project, names=value)
        else:
            setattr(project, name, value)
        project.save()
        changes = audit.changed(before, _snapshot(project))
        if changes:
            audit.record(action=AuditAction.CHANGED, obj=project, by=by, now=now, changes=changes)
        if "lead" in changes:
            _tell_lead(project, by, now)
    return project


def facts_version(project: Project) -> str:
    """The version of the facts of a project, as a form carries it."""
    names = [name for name in AUDITED if name != "nation_labels"]
    return version_of(details_of(project, [*names, "nations"]))


def _snapshot(project: Project) -> dict[str, str]:
    found = audit.snapshot(project, [name for name in AUDITED if name != "nation_labels"])
    nations = project.nation_rows.all()
    found["nations"] = ", ".join(sorted(str(row) for row in nations))
    return found


def rag_version(project: Project) -> str:
    """The version of how ``project`` is said to be going, as a form carries it."""
    last = project.rag_changes.last()
    return str(last.pk) if last else "0"


def set_rag(
    *,
    obj: Project,
    rag: Rag | str,
    reason: str,
    by: Any,
    now: datetime,
    seen: str | None = None,
) -> Project:
    """Say how a project is going, and why. The same word and reason again adds nothing.

    ``seen`` is :func:`rag_version` when the person opened the page. Errors: ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=obj.pk)
        last = project.rag_changes.last()
        if last and (last.rag, last.reason) == (rag, reason.strip()):
            return project
        if seen is not None and seen != (version := rag_version(project)):
            raise ChangedMeanwhile(version)
        RagChange.objects.create(
            project=project,
            rag_before=project.rag,
            rag=rag,
            reason=reason.strip(),
            at=now,
            by=by,
            is_example=project.is_example,
        )
        project.rag = rag
        project.save(update_fields=["rag", "updated_at"])
    return project


def add_part(
    *,
    model: type[models.Model],
    project: Project | None,
    values: Mapping[str, Any],
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Any:
    """Add a milestone, update, learning, outcome or contribution, and note it in the history.

    The same ``once_key`` a second time, as by a double click, gives the row of the first; with
    other words, as when somebody stopped the page and wrote on, these are what stands. Errors:
    ``ChangedMeanwhile`` when it has been changed since; those of ``change_part``.
    """
    with transaction.atomic():
        part, made = model._default_manager.get_or_create(
            once_key=once_key, defaults={"project": project, **values}
        )
        if made:
            _note(part, ["", str(part)], by, now)
            return part
        if _differs(part, values) and not _is_as_made(part):
            # A page that is sent again much later must not undo what was changed since.
            raise ChangedMeanwhile(
                version_of(details_of(part, values)),
                _(
                    "This was added already, and has been changed since. What you wrote is still "
                    "here: change the one that is there, if it is still right."
                ),
            )
        return change_part(obj=part, values=values, seen=None, by=by, now=now)


def _differs(part: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(part, name) != value for name, value in values.items())


def _is_as_made(part: Any) -> bool:
    """Whether nobody has saved it since it was made; both moments are those of one save then."""
    return bool(part.updated_at - part.created_at < timedelta(seconds=1))


def change_part(
    *,
    obj: Any,
    values: Mapping[str, Any],
    seen: str | None,
    by: Any,
    now: datetime,
    told: bool = False,
) -> Any:
    """Change a part of a project. ``seen`` is the version of these values that was on the page.
    ``told``: the caller writes the history's line itself, in words of its own.

    Errors: ``NotADraft`` for an update that is published; ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        part = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        must_be_draft(part)
        if not _differs(part, values):
            return part
        version = version_of(details_of(part, values))
        if seen is not None and version != seen:
            raise ChangedMeanwhile(version)
        before = str(part)
        for name, value in values.items():
            setattr(part, name, value)
        part.save()
        if not told:
            _note(part, [before, str(part)], by, now)
    return part


def remove_part(*, obj: Any, by: Any, now: datetime) -> None:
    """Remove a part of a project; its words stay in the history. Errors: ``NotADraft``."""
    with transaction.atomic():
        part = type(obj)._default_manager.select_for_update(of=("self",)).filter(pk=obj.pk).first()
        if part is None:
            return
        must_be_draft(part)
        _note(part, [str(part), ""], by, now)
        part.delete()


def mark_milestone(*, obj: Milestone, done_on: date | None, by: Any, now: datetime) -> Milestone:
    """Say that a milestone was reached on a day, or with ``None`` that it was not after all."""
    with transaction.atomic():
        milestone = Milestone.objects.select_for_update().get(pk=obj.pk)
        if milestone.done_on == done_on:
            return milestone
        milestone.done_on = done_on
        milestone.save(update_fields=["done_on", "updated_at"])
        word = "milestone_done" if done_on else "milestone_open"
        audit.record(
            action=AuditAction.CHANGED,
            obj=milestone.project,
            by=by,
            now=now,
            changes={word: ["", milestone.title]},
        )
    return milestone


def must_be_draft(part: Any) -> None:
    """Errors: ``NotADraft`` for an update that is published."""
    if isinstance(part, Update) and not part.is_draft:
        raise NotADraft(_("This update is published. Take it down first, then change it."))


def _note(part: Any, change: list[str], by: Any, now: datetime) -> None:
    """One line in the history of the project that ``part`` belongs to, or of ``part`` itself."""
    audit.record(
        action=AuditAction.CHANGED if part.project_id else AuditAction.CREATED,
        obj=part.project if part.project_id else part,
        by=by,
        now=now,
        changes={part._meta.model_name: change},
    )
