"""Criteria, and the mix that a call wants: until the reading begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import TransitionNotAllowed
from core.versions import save_details

from ..models import Call, Criterion, MixTarget
from .building import check_before_judging, lock_for_building


class TwiceInTheMix(Exception):
    """There is a line for this already. ``str()`` is fit to be shown."""

    def __init__(self) -> None:
        super().__init__(_("There is a line for this already. Change that one."))


def add_criterion(*, call: Call, values: Mapping[str, Any], by: Any, now: datetime) -> Criterion:
    """A criterion at the end; the very same one there already is taken for it.

    Errors: ``TransitionNotAllowed`` once the reading has begun.
    """
    with transaction.atomic():
        locked = _open(call, by)
        if found := locked.criteria.filter(**values).first():
            return found
        last = locked.criteria.aggregate(last=Max("order"))["last"] or 0
        made = Criterion.objects.create(call=locked, order=last + 1, **values)
        _record(locked, _("Criterion added: %(title)s") % {"title": made.title}, by, now)
    return made


def _open(call: Call, by: Any) -> Call:
    locked = lock_for_building(call, by)
    check_before_judging(locked)
    return locked


def _record(call: Call, note: str, by: Any, now: datetime) -> None:
    audit.record(action=AuditAction.CHANGED, obj=call, by=by, now=now, note=note[:300])


def change_line(
    *, obj: Criterion | MixTarget, values: Mapping[str, Any], seen: str, by: Any, now: datetime
) -> Any:
    """Change a criterion or a line of the mix. Errors as above, ``ChangedMeanwhile``,
    ``TwiceInTheMix``."""
    try:
        with transaction.atomic():
            _open(obj.call, by)
            return save_details(obj=obj, values=values, seen=seen, by=by, now=now)
    except IntegrityError as error:
        raise TwiceInTheMix from error


def add_target(*, call: Call, values: Mapping[str, Any], by: Any, now: datetime) -> MixTarget:
    """A line of the mix. Errors: ``TransitionNotAllowed``, ``TwiceInTheMix``."""
    with transaction.atomic():
        locked = _open(call, by)
        same = locked.targets.filter(dimension=values["dimension"], value=values["value"]).first()
        if same is not None:
            if (same.least, same.most) == (values["least"], values["most"]):
                return same
            raise TwiceInTheMix
        made = MixTarget.objects.create(call=locked, **values)
        _record(locked, _("Line of the mix added: %(line)s") % {"line": made}, by, now)
    return made


def remove_line(*, obj: Criterion | MixTarget, by: Any, now: datetime) -> None:
    """Take a criterion or a line of the mix out. Errors: ``TransitionNotAllowed``."""
    with transaction.atomic():
        call = _open(obj.call, by)
        note = _("Taken out: %(line)s") % {"line": obj}
        try:
            if type(obj)._base_manager.filter(pk=obj.pk).delete()[0]:
                _record(call, note, by, now)
        except models.ProtectedError as error:
            raise TransitionNotAllowed(_("It has been scored, so that it stays.")) from error


def move_criterion(*, obj: Criterion, to: int, by: Any, now: datetime) -> None:
    """Put a criterion at place ``to``, counted from 0; there already, it stays.

    Errors: ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        call = _open(obj.call, by)
        rows = list(call.criteria.all())
        place = next((n for n, row in enumerate(rows) if row.pk == obj.pk), None)
        to = max(0, min(to, len(rows) - 1))
        if place is None or place == to:
            return
        rows.insert(to, rows.pop(place))
        for aside in (10_000, 1):
            for number, row in enumerate(rows):
                row.order = aside + number
            Criterion.objects.bulk_update(rows, ["order"])
        _record(call, _("Criteria put in another order"), by, now)
