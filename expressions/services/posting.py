"""Writing letters about decisions, and putting them in the outbox of their organisations."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.urls import reverse

from accounts.models import User
from notifications.services import Outgoing, queue_all

from .. import letters, notifications
from ..models import Expression, Letter, LetterTemplate
from ..selectors.releasing import people_of

ToWrite = tuple[Expression, LetterTemplate, date | None]
AT_ONCE = 500


def write(
    expression: Expression, wording: LetterTemplate, answer_by: date | None, by: Any, now: datetime
) -> None:
    """Write the letter, tell that it is out, and put it in the outbox of everybody there.

    Each person's message is in their own language.
    """
    write_all([(expression, wording, answer_by)], by, now)


def write_all(rows: Iterable[ToWrite], by: Any, now: datetime) -> int:
    """Write as ``write`` does for each of ``rows``; returns how many letters.

    The same few queries for each 500 letters.
    """
    waiting, number = iter(rows), 0
    while batch := list(islice(waiting, AT_ONCE)):
        number += len(batch)
        _write_batch(batch, by, now)
    return number


def _write_batch(batch: list[ToWrite], by: Any, now: datetime) -> None:
    people = speakers({expression.organisation_id for expression, *_rest in batch})
    made = Letter.objects.bulk_create(
        [_letter(row, len(people[row[0].organisation_id]), by, now) for row in batch]
    )
    untold = [expression.pk for expression, *_rest in batch if expression.told_at is None]
    Expression.objects.filter(pk__in=untold).update(told_at=now, updated_at=now)
    for expression, *_rest in batch:
        expression.told_at = expression.told_at or now
    post([(one, people[one.expression.organisation_id], str(one.pk)) for one in made], now)


def _letter(row: ToWrite, people: int, by: Any, now: datetime) -> Letter:
    expression, wording, answer_by = row
    decision = getattr(expression, "decision", None)
    feedback = decision.feedback if decision else ""
    return Letter(
        expression=expression,
        outcome=wording.outcome,
        feedback=feedback,
        answer_by=answer_by,
        sent_to=people,
        by=by,
        at=now,
        is_example=expression.is_example,
        **letters.written(wording, expression, feedback=feedback, answer_by=answer_by),
    )


def speakers(organisations: set[int]) -> dict[int, list[User]]:
    """The people who speak for each of these organisations today, by id. Two queries."""
    ids = people_of(organisations)
    known = User.objects.in_bulk({one for found in ids.values() for one in found})
    found: dict[int, list[User]] = defaultdict(list)
    for organisation, people in ids.items():
        found[organisation] = [known[one] for one in sorted(people)]
    return found


def post(
    sent: Iterable[tuple[Letter, list[User], str]], now: datetime, *, again: bool = False
) -> None:
    """Put each letter in the outbox of its people; the last of each says which sending it is."""
    queue_all(
        kind=notifications.LETTER,
        messages=[
            Outgoing(
                to=person,
                about=letter.expression,
                period=period,
                context={
                    "letter": letter,
                    "again": again,
                    "path": reverse("expressions:letter", args=[letter.expression_id]),
                },
            )
            for letter, people, period in sent
            for person in people
        ],
        now=now,
    )
