"""Reads about open calls and the writing of expressions of interest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import questions
from ..enums import ExpressionState, QuestionKind
from ..models import Answer, AnswerFile, Call, Expression, Question, Section, SectionMark

RECENTLY = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """A question with its answer as it stands. ``version`` is 0 before the first save.

    ``carried_from`` is the title of the call that the answer was taken over from, until it is
    checked. ``files`` are those of a question of kind FILE.
    """

    question: Question
    value: Any
    version: int
    is_asked: bool
    problem: str
    carried_from: str = ""
    files: tuple[AnswerFile, ...] = ()

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
    def asked_no_longer(self) -> list[Line]:
        """What was answered before the question was taken out of the call."""
        return [line for line in self.lines if line.question.is_retired and not line.is_empty]

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
    """What is known of an expression while its questions are gone through in order.

    ``values`` grows: the answers read so far, by question id.
    """

    answers: dict[int, Answer]
    files: dict[int, list[AnswerFile]]
    delivery_model: str
    values: dict[int, Any] = field(default_factory=dict)


def questions_of(call_id: int, *, with_retired: bool = False) -> dict[int, list[Question]]:
    """The questions of a call by section id, those no longer asked only on wish. One query."""
    found: dict[int, list[Question]] = {}
    rows = Question.objects.filter(section__call_id=call_id)
    if not with_retired:
        rows = rows.filter(is_retired=False)
    for question in rows.order_by("section__order", "order", "id"):
        found.setdefault(question.section_id, []).append(question)
    return found


def parts_of(expression: Expression) -> list[Part]:
    """The whole form with its answers. Four queries, five if it asks for files.

    Among the lines are questions that are no longer asked; a section that has none other is left
    out where nothing in it was answered.
    """
    finished = set(
        SectionMark.objects.filter(expression=expression, is_finished=True).values_list(
            "section_id", flat=True
        )
    )
    by_section = questions_of(expression.call_id, with_retired=True)
    reading = _Reading(
        _answers(expression), _files(expression, by_section), expression.delivery_model
    )
    parts = [
        Part(
            section=section,
            lines=[_line(question, reading) for question in by_section.get(section.pk, [])],
            is_marked_finished=section.pk in finished,
        )
        for section in Section.objects.filter(call_id=expression.call_id)
    ]
    return [part for part in parts if _is_there(part)]


def _is_there(part: Part) -> bool:
    if all(line.question.is_retired for line in part.lines):
        return not part.lines or bool(part.asked_no_longer)
    return True


def _answers(expression: Expression) -> dict[int, Answer]:
    found = Answer.objects.filter(expression=expression).select_related("carried_from")
    columns = ["question_id", "value", "version", "expression_id", "carried_from__title"]
    return {answer.question_id: answer for answer in found.only(*columns)}


def _files(
    expression: Expression, by_section: dict[int, list[Question]]
) -> dict[int, list[AnswerFile]]:
    found: dict[int, list[AnswerFile]] = {}
    if any(one.kind == QuestionKind.FILE for several in by_section.values() for one in several):
        for file in AnswerFile.objects.filter(expression=expression):
            found.setdefault(file.question_id, []).append(file)
    return found


def _line(question: Question, reading: _Reading) -> Line:
    answer = reading.answers.get(question.pk)
    files = tuple(reading.files.get(question.pk, ()))
    value = answer.value if answer else ""
    if question.kind == QuestionKind.FILE:
        value = [questions.file_in_words(file) for file in files if not file.is_refused]
    asked = not question.is_retired and questions.is_asked(question, reading.values)
    problem = ""
    if asked:
        reading.values[question.pk] = value
        problem = questions.problem(question, value, reading.delivery_model)
    if asked and any(file.is_refused for file in files):
        problem = _("A file was refused. Take it away, or upload another one")
    return Line(
        question=question,
        value=value,
        version=answer.version if answer else 0,
        is_asked=asked,
        problem=problem,
        carried_from=answer.carried_from.title if answer and answer.carried_from else "",
        files=files,
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
                *({"question": line.question.text, "words": line.words} for line in part.asked),
                *(
                    {
                        "question": _("%(question)s (no longer asked)")
                        % {"question": line.question.text},
                        "words": line.words,
                    }
                    for line in part.asked_no_longer
                ),
            ],
        }
        for part in parts_of(expression)
    ]


def tasks(
    expression: Expression, parts: list[Part], here: dict[int, list[str]] | None = None
) -> list[Task]:
    """The task list: a line for each section, and one for checking and sending in.

    ``here``: who has a section open now, names by section order.
    """
    here = here or {}
    lines = [
        Task(
            title=part.section.title,
            url=reverse("expressions:section", args=[expression.pk, part.section.order]),
            is_done=part.is_done,
            hint=_hint(part, here.get(part.section.order, [])),
            status=_status(part),
        )
        for part in parts
    ]
    is_sent = expression.state != ExpressionState.DRAFT
    # Until the letter nothing here may differ by what staff did meanwhile.
    is_over = expression.told_at is not None or expression.state == ExpressionState.WITHDRAWN
    is_lacking = not is_over and any(part.problems for part in parts)
    lines.append(
        Task(
            title=_("Check your answers") if is_sent else _("Check your answers and send in"),
            url=reverse("expressions:check", args=[expression.pk]),
            is_done=is_sent and not is_lacking,
            status=_("Needs a change") if is_sent and is_lacking else "",
        )
    )
    return lines


def _hint(part: Part, names: list[str]) -> str:
    if names:
        return writing_now(names)
    carried = any(line.carried_from for line in part.asked)
    return _("Some answers are carried forward: please check them") if carried else ""


def writing_now(names: list[str]) -> str:
    """Who has a section open, in words; nothing when it is nobody."""
    if not names:
        return ""
    return ngettext(
        "%(names)s is writing in this section now.",
        "%(names)s are writing in this section now.",
        len(names),
    ) % {"names": listed(names)}


def listed(names: list[str]) -> str:
    """Names as people say them: Ann, Bob and Cai."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


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
    return [
        (section, by_section[section.pk])
        for section in call.sections.all()
        if section.pk in by_section
    ]


def own_expressions(user: Any) -> QuerySet[Expression]:
    """The expressions of the organisations that ``user`` speaks for, the newest first."""
    return Expression.objects.of_contact(user).select_related("call", "organisation")
