"""Reads about calls and expressions of interest."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import is_programme_team
from core.enums import Nation
from core.labels import labels
from core.links import addresses
from core.paging import KeysetPage, keyset_page
from core.todo import Todo
from partners.enums import OrganisationKind
from partners.rules import is_partner_contact
from projects.enums import DeliveryModel

from . import questions
from .enums import CallState, ExpressionState
from .models import Answer, Call, Expression, Question, Section, SectionMark

LIST_ORDER = ["-listed_at", "-id"]
LIST_COLUMNS = [
    "id", "reference", "state", "delivery_model", "submitted_at", "listed_at", "is_example",
    "organisation__name", "organisation__kind", "organisation__nation", "topic__title",
]  # fmt: skip
CLOSING_SOON = timedelta(days=14)
RECENTLY = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """A question with its answer as it stands. ``version`` is 0 before the first save."""

    question: Question
    value: Any
    version: int
    is_asked: bool
    problem: str

    @property
    def words(self) -> str:
        return questions.in_words(self.question, self.value)

    @property
    def is_empty(self) -> bool:
        return questions.is_empty(self.value)


@dataclass(frozen=True)
class Part:
    """A section with its lines, in order, those included that are not asked."""

    section: Section
    lines: list[Line]
    is_marked_finished: bool = False

    @cached_property
    def asked(self) -> list[Line]:
        return [line for line in self.lines if line.is_asked]

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.asked if line.problem]

    @property
    def is_done(self) -> bool:
        return self.is_marked_finished and not self.problems

    @property
    def is_begun(self) -> bool:
        return any(not line.is_empty for line in self.asked)


@dataclass(frozen=True)
class AnswerProblem:
    """What has to change in one answer before sending in."""

    section: Section
    question: Question
    words: str


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    title: str
    url: str
    is_done: bool = False
    hint: str = ""
    status: str = ""


@dataclass
class _Reading:
    """The answers read so far, in the order of the questions."""

    values: dict[int, Any] = field(default_factory=dict)


class ListedExpression(TypedDict):
    """A line of the staff's list, in words; a dict, because a template reads nothing faster.

    ``state`` is the value of its enum; ``model`` may be empty.
    """

    id: int
    url: str
    organisation: str
    reference: str
    is_example: bool
    state: str
    nation: str
    kind: str
    topic: str
    model: str
    submitted_at: datetime | None


def expression_list(expressions: QuerySet, cursor: str | None) -> KeysetPage:
    """A page of the staff's list out of ``expressions``, the newest first. Two queries.

    Its rows are ``ListedExpression``.
    """
    page = keyset_page(expressions, order=LIST_ORDER, cursor=cursor, columns=LIST_COLUMNS)
    url_of, not_chosen = addresses("expressions:staff-page"), _("Not chosen yet")
    nations, kinds, models = labels(Nation), labels(OrganisationKind), labels(DeliveryModel)
    return replace(
        page,
        rows=[
            ListedExpression(
                id=row["id"],
                url=url_of(row["id"]),
                organisation=row["organisation__name"],
                reference=row["reference"],
                is_example=row["is_example"],
                state=row["state"],
                nation=nations.get(row["organisation__nation"], ""),
                kind=kinds.get(row["organisation__kind"], ""),
                topic=row["topic__title"] or not_chosen,
                model=models.get(row["delivery_model"], ""),
                submitted_at=row["submitted_at"],
            )
            for row in page.rows
        ],
    )


def questions_of(call_id: int) -> dict[int, list[Question]]:
    """The questions of a call by section id. One query."""
    found: dict[int, list[Question]] = {}
    rows = Question.objects.filter(section__call_id=call_id)
    for question in rows.order_by("section__order", "order", "id"):
        found.setdefault(question.section_id, []).append(question)
    return found


def parts_of(expression: Expression) -> list[Part]:
    """The whole form with its answers. Four queries, however long it is."""
    answers = {
        answer.question_id: answer
        for answer in Answer.objects.filter(expression=expression).only(
            "question_id", "value", "version", "expression_id"
        )
    }
    finished = set(
        SectionMark.objects.filter(expression=expression, is_finished=True).values_list(
            "section_id", flat=True
        )
    )
    by_section = questions_of(expression.call_id)
    reading = _Reading()
    return [
        Part(
            section=section,
            lines=[
                _line(question, answers.get(question.pk), reading, expression.delivery_model)
                for question in by_section.get(section.pk, [])
            ],
            is_marked_finished=section.pk in finished,
        )
        for section in Section.objects.filter(call_id=expression.call_id)
    ]


def _line(
    question: Question, answer: Answer | None, reading: _Reading, delivery_model: str
) -> Line:
    value = answer.value if answer else ""
    asked = questions.is_asked(question, reading.values)
    if asked:
        reading.values[question.pk] = value
    return Line(
        question=question,
        value=value,
        version=answer.version if answer else 0,
        is_asked=asked,
        problem=questions.problem(question, value, delivery_model) if asked else "",
    )


def problems_of(expression: Expression) -> list[AnswerProblem]:
    """What has to change before the expression can be sent in."""
    return [
        AnswerProblem(part.section, line.question, line.problem)
        for part in parts_of(expression)
        for line in part.problems
    ]


def written_parts(expression: Expression) -> list[dict[str, Any]]:
    """The answers as plain data for receipt and copy: questions that were asked, in order."""
    return [
        {
            "title": part.section.title,
            "answers": [
                {"question": line.question.text, "words": line.words} for line in part.asked
            ],
        }
        for part in parts_of(expression)
    ]


def tasks(expression: Expression, parts: list[Part]) -> list[Task]:
    """The task list: a line for each section, and one for checking and sending in."""
    lines = [
        Task(
            title=part.section.title,
            url=reverse("expressions:section", args=[expression.pk, part.section.order]),
            is_done=part.is_done,
            status=_status(part),
        )
        for part in parts
    ]
    is_sent = expression.state != ExpressionState.DRAFT
    lines.append(
        Task(
            title=_("Check your answers") if is_sent else _("Check your answers and send in"),
            url=reverse("expressions:check", args=[expression.pk]),
            is_done=is_sent,
        )
    )
    return lines


def _status(part: Part) -> str:
    if part.is_marked_finished and part.problems:
        return _("Needs a change")
    return _("Started") if part.is_begun else _("To do")


def open_calls(now: datetime) -> QuerySet[Call]:
    """Calls that take expressions now, the next to close first."""
    return Call.objects.open_at(now).prefetch_related("topics").order_by("closes_at", "id")


def other_calls(now: datetime) -> list[Call]:
    """Published calls that do not take expressions now: to come, or closed of late."""
    closed = Call.objects.public().filter(opens_at__isnull=False, closes_at__gt=now - RECENTLY)
    return [call for call in closed.order_by("-closes_at", "-id")[:20] if not call.is_open_at(now)]


def sections_with_questions(call: Call) -> list[tuple[Section, list[Question]]]:
    """What a call asks, to be read in advance."""
    by_section = questions_of(call.pk)
    return [(section, by_section.get(section.pk, [])) for section in call.sections.all()]


def own_expressions(user: Any) -> QuerySet[Expression]:
    """The expressions of the organisations that ``user`` speaks for, the newest first."""
    return Expression.objects.of_contact(user).select_related("call", "organisation")


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for this person here: at most three queries, none without a role."""
    found: list[Todo] = []
    if is_partner_contact(user):
        found += _drafts_to_finish(user, now)
    if is_programme_team(user):
        found += _arrived() + _closing(now)
    return found


def _drafts_to_finish(user: Any, now: datetime) -> list[Todo]:
    drafts = (
        Expression.objects.of_contact(user)
        .drafts_of_open_calls(now)
        .select_related("call", "organisation")
        .order_by("call__closes_at", "id")
    )
    return [
        Todo(
            text=_("Finish and send in: %(call)s") % {"call": draft.call.title},
            url=draft.get_absolute_url(),
            detail=_("For %(organisation)s") % {"organisation": draft.organisation.name},
            due=draft.call.closes_at,
        )
        for draft in drafts[:20]
    ]


def _arrived() -> list[Todo]:
    count = Expression.objects.filter(state=ExpressionState.SUBMITTED).count()
    if not count:
        return []
    text = ngettext(
        "expression of interest to check",
        "expressions of interest to check",
        count,
    )
    return [
        Todo(
            text=text,
            url=f"{reverse('expressions:staff-list')}?state={ExpressionState.SUBMITTED}",
            detail=_("Mark each as eligible or not"),
            count=count,
        )
    ]


def _closing(now: datetime) -> list[Todo]:
    calls = (
        Call.objects.open_at(now)
        .filter(closes_at__lte=now + CLOSING_SOON)
        .annotate(
            drafts=Count("expressions", filter=Q(expressions__state=ExpressionState.DRAFT)),
            arrived=Count("expressions", filter=Q(expressions__submitted_at__isnull=False)),
        )
        .order_by("closes_at", "id")
    )
    return [
        Todo(
            text=_("%(call)s closes soon") % {"call": call.title},
            url=f"{reverse('expressions:staff-list')}?call={call.pk}",
            detail=_("%(arrived)s sent in, %(drafts)s drafts")
            % {"arrived": call.arrived, "drafts": call.drafts},
            due=call.closes_at,
        )
        for call in calls
    ]


def figures(now: datetime) -> dict[str, int]:
    """How many calls are open, and how many expressions they have, sent in and drafted."""
    return Expression.objects.filter(call__state=CallState.OPEN, call__closes_at__gt=now).aggregate(
        arrived=Count("pk", filter=Q(submitted_at__isnull=False)),
        drafts=Count("pk", filter=Q(state=ExpressionState.DRAFT)),
    )


def expressions_data(person: User) -> dict[str, Any]:
    """What this room holds about ``person``: what they began, sent in, and wrote."""
    mine = Q(started_by=person) | Q(submitted_by=person)
    return {
        "expressions": [
            {
                "call": one.call.title,
                "organisation": one.organisation.name,
                "reference": one.reference,
                "state": str(one.get_state_display()),
                "begun_by_you": one.started_by_id == person.pk,
                "sent_in_by_you": one.submitted_by_id == person.pk,
                "declared_by": one.declared_by if one.submitted_by_id == person.pk else "",
            }
            for one in Expression.objects.filter(mine).select_related("call", "organisation")
        ],
        "answers_last_saved_by_you": [
            {"question": answer.question.text, "answer": answer.value}
            for answer in Answer.objects.filter(saved_by=person).select_related("question")
        ],
    }
