"""Writes about the work of a project that ask for more than a part's form: slips."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import ReasonRequired

from .models import Milestone, MilestoneSlip
from .services import change_part


def is_put_off(before: date | None, after: date | None) -> bool:
    """Whether a day moves to later, or goes altogether."""
    return before is not None and (after is None or after > before)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def change_milestone(
    *, obj: Milestone, values: Mapping[str, Any], seen: str | None, by: Any, now: datetime
) -> Milestone:
    """Change a milestone and keep the day that it was due before, with ``values["slip_reason"]``.

    Errors: those of ``change_part``; ``ReasonRequired`` when its day is put off without one.
    """
    fields = dict(values)
    reason = fields.pop("slip_reason", "").strip()
    with transaction.atomic():
        was = Milestone.objects.select_for_update().get(pk=obj.pk)
        before = was.due_on
        only_its_day = all(
            getattr(was, name) == fields[name] for name in fields.keys() - {"due_on"}
        )
        milestone = change_part(
            obj=obj, values=fields, seen=seen, by=by, now=now, told=only_its_day
        )
        if milestone.due_on == before:
            return milestone
        if is_put_off(before, milestone.due_on) and not reason:
            raise ReasonRequired(_("Say why it is due later, in a sentence or two."))
        MilestoneSlip.objects.create(
            milestone=milestone,
            due_before=before,
            due_after=milestone.due_on,
            reason=reason,
            at=now,
            by=by,
            is_example=milestone.is_example,
        )
        audit.record(
            action=AuditAction.CHANGED,
            obj=milestone.project,
            by=by,
            now=now,
            # JSON in PostgreSQL keeps shorter names first: the days are read after the title.
            changes={
                "milestone_moved": ["", milestone.title],
                "milestone_moved_days": [_iso(before), _iso(milestone.due_on)],
            },
            note=reason[:300],
        )
    return milestone
