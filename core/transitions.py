"""The one door through which a state changes.

A room lists its steps in a table and has one small function for each, which calls
:func:`transition`. Nothing else assigns a state; a guard test looks for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .models import StateModel, Transition

Text = str | Promise
AT_ONCE = 500


class TransitionNotAllowed(Exception):
    """The object is not in a state from which this step leads. ``str()`` is fit to be shown."""


class ReasonRequired(Exception):
    """The step needs a reason in words and none was given. ``str()`` is fit to be shown."""


@dataclass(frozen=True)
class Step:
    """One row of a state table.

    ``permission`` is asked of the person on the locked object; ``None`` means that the portal
    itself takes the step (then ``by`` may be ``None``). A ``repeatable`` step taken a second
    time, as by a double click, changes nothing and is no error.
    """

    name: str
    sources: frozenset[str]
    target: str
    label: Text
    permission: str | None
    needs_reason: bool = False
    repeatable: bool = False


StateTable = Mapping[str, Step]


def state_table(*steps: Step) -> StateTable:
    """The steps by name. Errors: ``ValueError`` when two share a name."""
    table = {step.name: step for step in steps}
    if len(table) != len(steps):
        raise ValueError("two steps share a name")
    return table


def transition(
    *,
    obj: StateModel,
    step: Step,
    by: Any,
    now: datetime,
    reason: str = "",
    apply: Callable[[Any], None] | None = None,
    then: Callable[[Any], None] | None = None,
) -> Any:
    """Take ``step`` on ``obj`` and return the row as it now stands.

    In one transaction: lock the row, check source state and permission, let ``apply`` set
    further fields, save, write the transition row, and let ``then`` queue messages or make what
    follows. ``apply`` and ``then`` get the locked row.

    Errors: ``TransitionNotAllowed``, ``ReasonRequired``, ``PermissionDenied``; nothing is
    changed by a step that fails.
    """
    with transaction.atomic():
        locked = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        source = locked.state
        if step.permission is not None and not (by and by.has_perm(step.permission, locked)):
            raise PermissionDenied
        if step.repeatable and source == step.target:
            return locked
        _check(step, source, reason)
        locked.state = step.target
        locked.state_changed_at = now
        if apply:
            apply(locked)
        locked.full_clean(validate_unique=False, validate_constraints=False)
        locked.save()
        _logged(locked, step, source, (by, now, reason)).save(force_insert=True)
        if then:
            then(locked)
    return locked


def transition_all(
    *,
    rows: models.QuerySet,
    permitted: models.QuerySet,
    step: Step,
    by: Any,
    now: datetime,
    reason: str = "",
) -> list[Any]:
    """Take ``step`` on all of ``rows``, or on none, in a few queries; returns those that moved.

    ``permitted``: the rows on which ``by`` may take it, as the room's ``visible_to`` knows them.
    The permission itself is asked once, without an object. For steps that only move: nothing else
    of a row is set or checked. Rows that stand there already, of a repeatable step, stay as they
    are. Errors: those of ``transition``.
    """
    if step.permission is not None and not (by and by.has_perm(step.permission)):
        raise PermissionDenied
    with transaction.atomic():
        locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
        keys = {one.pk for one in locked}
        if set(permitted.filter(pk__in=keys).values_list("pk", flat=True)) != keys:
            raise PermissionDenied
        log = []
        moved = [one for one in locked if not (step.repeatable and one.state == step.target)]
        for one in moved:
            _check(step, one.state, reason)
            log.append(_logged(one, step, one.state, (by, now, reason)))
            one.state, one.state_changed_at, one.updated_at = step.target, now, now
        rows.model._base_manager.bulk_update(
            moved, ["state", "state_changed_at", "updated_at"], batch_size=AT_ONCE
        )
        Transition.objects.bulk_create(log, batch_size=AT_ONCE)
    return moved


def _logged(obj: Any, step: Step, source: str, told: tuple[Any, datetime, str]) -> Transition:
    """The row of the log, not saved; ``told``: by whom, when and why."""
    by, at, reason = told
    return Transition(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=str(obj.pk),
        by=by,
        at=at,
        step=step.name,
        source=source,
        target=step.target,
        reason=reason.strip(),
    )


def _check(step: Step, source: str, reason: str) -> None:
    if source not in step.sources:
        raise TransitionNotAllowed(
            _("“%(step)s” cannot be done now. Somebody may have changed this before you.")
            % {"step": step.label}
        )
    if step.needs_reason and not reason.strip():
        raise ReasonRequired(_("Say why, in a sentence or two."))


def steps_open_to(user: Any, obj: StateModel, table: StateTable) -> list[Step]:
    """The steps of ``table`` that ``user`` may take on ``obj`` now, in the table's order."""
    state = obj.state
    return [
        step
        for step in table.values()
        if step.permission and state in step.sources and user.has_perm(step.permission, obj)
    ]


def transitions_of_all(
    kind: type[models.Model], keys: Iterable[int]
) -> dict[int, list[Transition]]:
    """The changes of state of the objects of ``kind`` with these ``keys``, oldest first, with the
    people who made them. One query."""
    rows = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(kind),
        object_id__in=[str(key) for key in keys],
    )
    found: dict[int, list[Transition]] = defaultdict(list)
    for row in rows.select_related("by"):
        found[int(row.object_id)].append(row)
    return found


def transitions_of(obj: models.Model) -> models.QuerySet[Transition]:
    """The changes of state of ``obj``, oldest first, with the people who made them."""
    return Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk)
    ).select_related("by")
