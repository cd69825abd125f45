"""Writing the letter about one decision, and putting it in the outbox of its organisation."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from notifications.services import queue
from partners.selectors import contact_people

from .. import letters, notifications
from ..models import Expression, Letter, LetterTemplate


def write(
    expression: Expression, wording: LetterTemplate, answer_by: date | None, by: Any, now: datetime
) -> None:
    """Write the letter, tell that it is out, and put it in the outbox of everybody there.

    Each person's message is in their own language.
    """
    decision = getattr(expression, "decision", None)
    feedback = decision.feedback if decision else ""
    words = letters.written(wording, expression, feedback=feedback, answer_by=answer_by)
    people = list(contact_people(expression.organisation))
    letter = Letter.objects.create(
        expression=expression,
        outcome=wording.outcome,
        feedback=feedback,
        answer_by=answer_by,
        sent_to=len(people),
        by=by,
        at=now,
        is_example=expression.is_example,
        **words,
    )
    if expression.told_at is None:
        expression.told_at = now
        expression.save(update_fields=["told_at", "updated_at"])
    post(letter, people, str(letter.pk), now)


def post(
    letter: Letter, people: list[Any], period: str, now: datetime, *, again: bool = False
) -> None:
    for person in people:
        queue(
            kind=notifications.LETTER,
            to=person,
            about=letter.expression,
            now=now,
            period=period,
            context={
                "letter": letter,
                "again": again,
                "path": reverse("expressions:letter", args=[letter.expression_id]),
            },
        )
