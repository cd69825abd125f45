"""Earlier texts: no writer's words go, whoever wrote over them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User

from .. import questions
from ..enums import QuestionKind
from ..models import Answer, EarlierAnswer, Expression, Question

# Autosave saves at each pause. A text is kept when another person writes over it, when words of
# it go, and every few minutes besides.
PAUSE = timedelta(minutes=5)
WORDS_GONE = 3
# Nobody fills the database with texts that cannot be saved.
MOST_SET_ASIDE = 50
KEPT_AFTER_CLOSING = timedelta(days=180)


def keep_earlier(answer: Answer, value: Any, by: User, now: datetime) -> None:
    """Keep what ``answer`` holds, about to be replaced by ``value``, if it is worth keeping."""
    if questions.is_empty(answer.value) or not _is_worth_keeping(answer, value, by, now):
        return
    EarlierAnswer.objects.create(
        expression_id=answer.expression_id,
        question_id=answer.question_id,
        version=answer.version,
        value=answer.value,
        written_by_id=answer.saved_by_id,
        written_at=answer.saved_at,
        is_example=answer.is_example,
    )


def _is_worth_keeping(answer: Answer, value: Any, by: User, now: datetime) -> bool:
    if answer.saved_by_id != by.pk or _words_gone(answer.value, value) >= WORDS_GONE:
        return True
    kept = EarlierAnswer.objects.filter(
        expression_id=answer.expression_id, question_id=answer.question_id, is_set_aside=False
    )
    last = kept.values_list("written_at", flat=True).first() or answer.created_at
    return now - last > PAUSE


def _words_gone(before: Any, after: Any) -> int:
    """How many words of ``before`` are not in ``after``; of choices, all or none."""
    if isinstance(before, list):
        return 0 if set(before) <= set(after or []) else WORDS_GONE
    return (Counter(str(before).split()) - Counter(str(after).split())).total()


def set_aside(
    *, obj: Expression, question: Question, value: Any, version: int, by: User, now: datetime
) -> None:
    """Keep a text that could not become the answer, once for each writer."""
    if questions.is_empty(value):
        return
    aside = EarlierAnswer.objects.filter(expression=obj, question=question, is_set_aside=True)
    if aside.count() >= MOST_SET_ASIDE or aside.filter(value=value, written_by=by).exists():
        return
    EarlierAnswer.objects.create(
        expression=obj,
        question=question,
        version=version,
        value=value,
        written_by=by,
        written_at=now,
        is_set_aside=True,
        is_example=obj.is_example,
    )


def set_aside_late(*, obj: Expression, given: Mapping[int, Any], by: User, now: datetime) -> int:
    """Keep what came too late to be saved; how many texts. Errors: ``PermissionDenied``."""
    if not by.has_perm("expressions.write_expression", obj):
        raise PermissionDenied
    count = 0
    with transaction.atomic():
        asked = Question.objects.filter(section__call_id=obj.call_id, pk__in=given)
        standing = dict(
            Answer.objects.filter(expression=obj, question__in=asked).values_list(
                "question_id", "value"
            )
        )
        for question in asked.exclude(kind=QuestionKind.FILE):
            one = given[question.pk]
            try:
                value = questions.read(question, one.sent)
            except questions.UnreadableAnswer:
                continue
            mark = questions.fingerprint(value)
            if mark in {one.fingerprint, questions.fingerprint(standing.get(question.pk, ""))}:
                continue
            set_aside(obj=obj, question=question, value=value, version=one.version, by=by, now=now)
            count += 1
    return count


def forget_earlier_answers(*, now: datetime) -> int:
    """Delete the earlier texts of calls that closed half a year ago; how many."""
    old = EarlierAnswer.objects.filter(expression__call__closes_at__lt=now - KEPT_AFTER_CLOSING)
    return old.delete()[0]
