"""Writes of scoring: what an assessor gives, and what the panel agrees on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import transitions
from ..enums import AssessmentState, CallState
from ..models import Assessment, Call, Expression, Moderation, Score

# While a call is in one of these, the panel may agree on scores.
MODERATING = frozenset({CallState.ASSESSING, CallState.DECIDING})


@dataclass(frozen=True)
class GivenScore:
    """What an assessor gave for one criterion: ``points`` is ``None`` where none were chosen."""

    points: int | None
    reason: str


def save_scores(
    *,
    obj: Assessment,
    given: Mapping[int, GivenScore],
    comment: str,
    seen: int,
    finish: bool,
    by: Any,
    now: datetime,
) -> Assessment:
    """Keep the scores ``given`` by criterion id, and with ``finish`` say that these are they.

    ``seen`` is the version that the page showed. Saving what stands already, as by a double click,
    changes nothing. Errors: ``ChangedMeanwhile`` (nothing is written); ``ScoresMissing`` when it is
    or would be finished and something is missing: what was given for an unfinished one is kept all
    the same; ``TransitionNotAllowed``; ``PermissionDenied``.
    """
    with transaction.atomic():
        row = _locked(obj, by)
        if not _stands(row, given, comment):
            if row.version != seen:
                raise ChangedMeanwhile(
                    row.version,
                    _(
                        "These scores were saved in another window after you opened this page. "
                        "What you wrote is still here. Read it again, and save if it is right."
                    ),
                )
            if row.state == AssessmentState.DONE and not _complete(row, given):
                raise transitions.ScoresMissing(_("Each criterion needs points and a reason."))
            _write(row, given, comment)
    if finish and row.state != AssessmentState.DONE:
        row = transitions.finish_scoring(obj=row, by=by, now=now)
    return row


def _locked(obj: Assessment, by: Any) -> Assessment:
    row = Assessment.objects.select_for_update().get(pk=obj.pk)
    if not by.has_perm("expressions.finish_scoring", row):
        raise PermissionDenied
    if Call.objects.get(expressions=row.expression_id).state != CallState.ASSESSING:
        raise transitions.scoring_closed()
    if row.state == AssessmentState.STOOD_DOWN:
        raise TransitionNotAllowed(_("This is no longer yours to score."))
    return row


def _stands(row: Assessment, given: Mapping[int, GivenScore], comment: str) -> bool:
    """Whether all this is what stands there."""
    there = {score.criterion_id: GivenScore(score.points, score.reason) for score in _scores(row)}
    nothing = GivenScore(None, "")
    return row.comment == comment and all(
        there.get(pk, nothing) == one for pk, one in given.items()
    )


def _scores(row: Assessment) -> Any:
    return Score.objects.filter(assessment=row)


def _complete(row: Assessment, given: Mapping[int, GivenScore]) -> bool:
    criteria = Call.objects.get(expressions=row.expression_id).criteria.values_list("pk", flat=True)
    nothing = GivenScore(None, "")
    answers = [given.get(pk, nothing) for pk in criteria]
    return all(one.points is not None and one.reason for one in answers)


def _write(row: Assessment, given: Mapping[int, GivenScore], comment: str) -> None:
    for pk, one in given.items():
        Score.objects.update_or_create(
            assessment=row,
            criterion_id=pk,
            defaults={"points": one.points, "reason": one.reason},
        )
    row.comment = comment
    row.version += 1
    row.save(update_fields=["comment", "version", "updated_at"])


def moderate(
    *, obj: Expression, points: Decimal, note: str, seen: str, by: Any, now: datetime
) -> Moderation:
    """Keep the score, 0 to 100, on which the panel agreed; it then stands for the expression.

    ``seen``: the version of the agreed score that the page showed (``moderation_version``).
    Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        expression = Expression.objects.select_for_update().select_related("call").get(pk=obj.pk)
        if expression.call.state not in MODERATING:
            raise TransitionNotAllowed(_("A score can be agreed until the call is decided."))
        standing = Moderation.objects.filter(expression=expression).first()
        if standing and (standing.points, standing.note) == (points, note):
            return standing
        version = moderation_version(standing)
        if version != seen:
            raise ChangedMeanwhile(version)
        before = audit.snapshot(standing, ["points", "note"]) if standing else {}
        row, made = Moderation.objects.update_or_create(
            expression=expression, defaults={"points": points, "note": note, "by": by, "at": now}
        )
        after = audit.snapshot(row, ["points", "note"])
        action = AuditAction.CREATED if made else AuditAction.CHANGED
        changes = audit.changed(dict.fromkeys(after, "") | before, after)
        audit.record(action=action, obj=row, by=by, now=now, changes=changes)
    return row


def moderation_version(row: Moderation | None) -> str:
    """The version of an agreed score, or of there being none."""
    return row.at.isoformat() if row else "none"
