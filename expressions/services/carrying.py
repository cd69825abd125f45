"""Taking answers over from an earlier expression of the same organisation."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import audit
from core.enums import AuditAction

from .. import selectors
from ..models import Answer, Expression
from .writing import fill, let_check_again, lock_for_writing


def carry_forward(
    *, obj: Expression, earlier: Expression, question_ids: Collection[int], by: User, now: datetime
) -> int:
    """Take over the answers to ``question_ids`` that are still empty; how many were.

    Each is marked with the call that it comes from until somebody saves or checks it. A second
    time, as by a double click, takes nothing over what stands. Errors: those of ``save_answers``.
    """
    with transaction.atomic():
        expression = lock_for_writing(obj, by, now)
        chosen = [
            offer
            for offer in selectors.carried_answers(expression, earlier)
            if offer.question.pk in question_ids
        ]
        for offer in chosen:
            standing = Answer.objects.filter(expression=expression, question=offer.question).first()
            answer = standing or Answer(expression=expression, question=offer.question, version=0)
            answer.value = offer.value
            answer.version += 1
            answer.saved_by = by
            answer.saved_at = now
            answer.carried_from_id = earlier.call_id
            answer.is_example = expression.is_example
            answer.save()
        if chosen:
            keys = [offer.question.key for offer in chosen]
            audit.record(
                action=AuditAction.CHANGED,
                obj=expression,
                by=by,
                now=now,
                changes={key: ["", f"from {earlier.pk}"] for key in keys},
            )
            fill(expression, {offer.question.fills: offer.value for offer in chosen})
            let_check_again(expression, by, now)
    return len(chosen)
