"""Reads about writing together: who is here, what was there before, what can be carried forward."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from partners.models import Organisation
from partners.selectors import contact_people, programme_team, similar_names

from .. import presence, questions
from ..enums import ExpressionState, QuestionKind
from ..models import Answer, EarlierAnswer, Expression, Question

MOST_OFFERED = 5
MOST_FOUND = 20


def others_here(expression: Expression, person: Any) -> dict[int, list[str]]:
    """Who else has a section open now: names by section order. One query, two of what staff enter.

    Only people who may write in it are looked for, whatever the cache says.
    """
    people = {one.pk: one.preferred_name for one in contact_people(expression.organisation)}
    if expression.is_entered_by_staff:
        people |= {one.pk: one.preferred_name for one in programme_team()}
    people.pop(person.pk, None)
    found: dict[int, list[str]] = {}
    for person_id, order in presence.where_are(expression.pk, people).items():
        found.setdefault(order, []).append(people[person_id])
    return {order: sorted(names) for order, names in found.items()}


@dataclass(frozen=True)
class EarlierText:
    """One text of the page "Earlier texts"; ``version`` is that of the answer as it stands."""

    id: int
    question: Question
    words: str
    by: str
    at: Any
    is_set_aside: bool
    version: int
    can_restore: bool


def earlier_texts(expression: Expression) -> QuerySet[EarlierAnswer]:
    """What the answers were before, and what could not be saved, the newest first."""
    return EarlierAnswer.objects.filter(expression=expression).order_by("-written_at", "-id")


def shown_earlier(expression: Expression, page: list[EarlierAnswer]) -> list[EarlierText]:
    """The rows of a page of :func:`earlier_texts` in words. One query."""
    standing = {
        answer.question_id: answer
        for answer in Answer.objects.filter(
            expression=expression, question_id__in={row.question_id for row in page}
        )
    }
    shown = []
    for row in page:
        answer = standing.get(row.question_id)
        shown.append(
            EarlierText(
                id=row.pk,
                question=row.question,
                words=questions.in_words(row.question, row.value),
                by=row.written_by.preferred_name if row.written_by else "",
                at=row.written_at,
                is_set_aside=row.is_set_aside,
                version=answer.version if answer else 0,
                can_restore=not row.question.is_retired
                and (answer is None or answer.value != row.value),
            )
        )
    return shown


@dataclass(frozen=True)
class CarriedAnswer:
    """An answer of an earlier expression that fits a question of this one that is still empty."""

    question: Question
    value: Any

    @property
    def words(self) -> str:
        return questions.in_words(self.question, self.value)


def earlier_expressions(expression: Expression) -> list[Expression]:
    """What the same organisation wrote in other calls, the newest first; at most five."""
    found = Expression.objects.filter(organisation_id=expression.organisation_id)
    found = found.exclude(call_id=expression.call_id).exclude(state=ExpressionState.WITHDRAWN)
    return list(found.select_related("call").order_by("-listed_at", "-id")[:MOST_OFFERED])


def carried_answers(expression: Expression, earlier: Expression) -> list[CarriedAnswer]:
    """The answers of ``earlier`` that can be carried forward, in the order of the questions.

    A question fits if it has the same key and a kind that holds the same: short and long text hold
    one another, choices if they are still to choose from. Files are not carried. Three queries.
    """
    written = {
        answer.question.key: answer
        for answer in Answer.objects.filter(expression=earlier).select_related("question")
        if not questions.is_empty(answer.value)
    }
    standing = dict(
        Answer.objects.filter(expression=expression).values_list("question_id", "value")
    )
    asked = Question.objects.filter(
        section__call_id=expression.call_id, is_retired=False, key__in=written
    ).exclude(kind=QuestionKind.FILE)
    return [
        CarriedAnswer(question, value)
        for question in asked.order_by("section__order", "order", "id")
        if questions.is_empty(standing.get(question.pk))
        and (value := _fitting(question, written[question.key])) is not None
    ]


def organisations_to_enter_for(name: str) -> list[Organisation]:
    """The organisations that staff may mean by ``name``, or a part of it. Two queries."""
    with_part = Organisation.objects.filter(name__icontains=name.strip()).order_by("name", "id")
    found = {one.pk: one for one in [*similar_names(name), *with_part[:MOST_FOUND]]}
    return list(found.values())[:MOST_FOUND]


def offers_to_carry(expression: Expression) -> bool:
    """Whether there is anything to carry forward into it."""
    earlier = earlier_expressions(expression)
    return bool(earlier) and bool(carried_answers(expression, earlier[0]))


def wrote_in(person: Any, expression_id: int) -> bool:
    """Whether somebody has written in an expression, or begun it: then they know that it is."""
    if not person.is_authenticated:
        return False
    found = Expression.objects.filter(pk=expression_id)
    # By way of ``found``: SQLite takes no number of any length but as a key.
    wrote = Answer.objects.filter(expression__in=found, saved_by_id=person.pk)
    before = EarlierAnswer.objects.filter(expression__in=found, written_by_id=person.pk)
    return found.filter(started_by_id=person.pk).exists() or wrote.exists() or before.exists()


def typed_texts(sent: QueryDict, expression_id: int) -> list[tuple[str, str]]:
    """(question, text) of what somebody typed who may save it no longer, to be given back."""
    asked = Question.objects.filter(section__call__expressions=expression_id)
    texts = asked.filter(kind__in=TEXTS).order_by("section__order", "order", "id")
    typed = [(one.text, sent.get(f"q{one.pk}", "").strip()) for one in texts] if sent else []
    return [(question, text) for question, text in typed if text]


TEXTS = frozenset({QuestionKind.SHORT, QuestionKind.LONG})


def _fitting(question: Question, answer: Answer) -> Any:
    """The earlier value as an answer to ``question``; nothing if it does not fit."""
    before = answer.question.kind
    if before != question.kind and not {before, question.kind} <= TEXTS:
        return None
    sent = answer.value if isinstance(answer.value, list) else [str(answer.value)]
    if question.kind in questions.CHOICE_KINDS:
        known = {value for value, _label in questions.options(question)}
        sent = [value for value in sent if value in known]
    try:
        value = questions.read(question, sent)
    except questions.UnreadableAnswer:
        return None
    return None if questions.is_empty(value) else value
