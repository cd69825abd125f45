"""Reads: what the pages of a survey and of its results show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import is_staff_member
from core.charts import Chart
from core.paging import KeysetPage, keyset_page
from core.todo import Todo
from core.transitions import transitions_of

from . import tokens
from .charts import crosstab_chart, one_way_chart
from .enums import QuestionKind
from .models import Draft, Response, Submission, Survey, SurveyCount, SurveyRollup
from .questionnaire import Item, Questionnaire, questionnaire
from .results import (
    NATION,
    ROLE,
    Counts,
    CrossTab,
    OneWay,
    QuestionResult,
    Ranked,
    Results,
    percent,
    strands,
)
from .transitions import TABLE

CLOSING_SOON = timedelta(days=14)
TEXTS_A_PAGE = 25


def draft_of(survey: Survey, token: str) -> dict[str, list[str]] | None:
    """What the token's holder has typed so far; ``None`` where nothing is kept."""
    if not token:
        return None
    draft = Draft.objects.filter(pk=tokens.draft_hash(token), survey=survey).first()
    return tokens.unseal(token, draft.sealed) if draft else None


def is_taken(survey: Survey, submission: str) -> bool:
    """Whether answers under this one-time token have arrived before."""
    key = tokens.submission_hash(submission)
    return Submission.objects.filter(pk=key, survey=survey).exists()


@dataclass(frozen=True)
class ShownTable:
    """A table of counts and its chart."""

    table: OneWay
    chart: Chart | None


@dataclass(frozen=True)
class ShownQuestion:
    """A question's results as a page shows them."""

    result: QuestionResult
    tables: list[ShownTable]
    ranking: list[Ranked]
    url: str

    @property
    def item(self) -> Item:
        return self.result.item


@dataclass(frozen=True)
class ResultsPage:
    """The results of a survey: all questions, each with its base."""

    survey: Survey
    responses: int
    waiting: int
    made_at: datetime | None
    questions: list[ShownQuestion]
    threshold: int = field(default_factory=lambda: settings.SMALL_CELL_THRESHOLD)

    @property
    def received(self) -> int:
        return self.responses + self.waiting


def results_page(survey: Survey) -> ResultsPage:
    """The results of ``survey`` without cross-tabs, from its rollup."""
    form = questionnaire(survey)
    rows = (
        SurveyRollup.objects.filter(survey=survey)
        .values_list("question_id", "option")
        .annotate(people=Sum("count"))
        .order_by()
    )
    counts = Counts((question, option, "", "", people) for question, option, people in rows)
    results = Results(form, counts, settings.SMALL_CELL_THRESHOLD)
    count = SurveyCount.objects.filter(survey=survey).first()
    return ResultsPage(
        survey=survey,
        responses=counts.responses,
        waiting=count.waiting if count else 0,
        made_at=count.made_at if count else None,
        questions=[_shown(survey, results.of(item)) for item in form.items],
    )


def _shown(survey: Survey, result: QuestionResult) -> ShownQuestion:
    url = reverse("surveys:question", args=[survey.slug, result.item.code])
    tables = [ShownTable(table, one_way_chart(table)) for table in result.tables]
    return ShownQuestion(result, tables, result.ranking, url)


@dataclass(frozen=True)
class ShownCrossTab:
    """A cross-tab with its heading, its rows in words, and its chart."""

    table: CrossTab
    title: str
    chart: Chart | None

    @property
    def cells(self) -> list[tuple[Any, list[tuple[int | None, int | None]]]]:
        """Each row with its cells as (count, per cent of the column's base)."""
        return [
            (
                row,
                [
                    (cell, percent(cell, base))
                    for cell, base in zip(row.cells, self.table.bases, strict=True)
                ],
            )
            for row in self.table.rows
        ]


@dataclass(frozen=True)
class QuestionPage:
    """One question: its table, its cross-tabs, and a page of what people wrote."""

    survey: Survey
    question: ShownQuestion
    crosstabs: list[ShownCrossTab]
    texts: KeysetPage | None
    threshold: int = field(default_factory=lambda: settings.SMALL_CELL_THRESHOLD)


def question_page(survey: Survey, code: str, cursor: str | None) -> QuestionPage | None:
    """The results of one question by nation and role; ``None`` for a code that is not there."""
    form = questionnaire(survey)
    item = form.item(code)
    if item is None:
        return None
    results = Results(form, _counts(survey, form, item), settings.SMALL_CELL_THRESHOLD)
    result = results.of(item)
    texts = None
    if item.kind == QuestionKind.TEXT and result.answered:
        responses = Response.objects.filter(survey=survey).with_text(item.code)
        texts = keyset_page(responses, order=["id"], cursor=cursor, size=TEXTS_A_PAGE)
    return QuestionPage(survey, _shown(survey, result), [*_crosstabs(results, item)], texts)


def _counts(survey: Survey, form: Questionnaire, item: Item) -> Counts:
    """What is needed for one question: it, those it hangs on, nation, role, and the responses."""
    wanted = [item.id]
    above = form.item(item.asked_if)
    while above:
        wanted.append(above.id)
        above = form.item(above.asked_if)
    asking = [form.of_kind(QuestionKind.NATION), form.of_kind(QuestionKind.ROLE)]
    wanted += [question.id for question in asking if question]
    rows = SurveyRollup.objects.filter(survey=survey).filter(
        Q(question__isnull=True) | Q(question_id__in=wanted)
    )
    return Counts(rows.values_list("question_id", "option", "nation", "role", "count"))


def sides_of(item: Item) -> list[str]:
    """By what ``item`` is cross-tabulated. Role by nation is nation by role, so shown once."""
    if item.kind == QuestionKind.NATION:
        return [ROLE]
    return [] if item.kind == QuestionKind.ROLE else [NATION, ROLE]


def _crosstabs(results: Results, item: Item) -> Iterator[ShownCrossTab]:
    for strand in strands(item):
        for side in sides_of(item):
            if not results.columns(side):
                continue
            title = _("By nation") if side == NATION else _("By role")
            table = results.crosstab(strand, side)
            chart = crosstab_chart(table) if side == NATION else None
            named = f"{strand.label}: {title.lower()}" if strand.label else title
            yield ShownCrossTab(table, named, chart)


def all_results(survey: Survey) -> Results:
    """Everything of ``survey`` that an export may show."""
    rows = SurveyRollup.objects.filter(survey=survey)
    counts = Counts(rows.values_list("question_id", "option", "nation", "role", "count"))
    return Results(questionnaire(survey), counts, settings.SMALL_CELL_THRESHOLD)


def responses_of(surveys: Sequence[Survey]) -> dict[int, int]:
    """How many people have answered each of ``surveys``, by id: those counted and those waiting."""
    counted = (
        SurveyRollup.objects.filter(survey__in=surveys, question__isnull=True)
        .values_list("survey_id")
        .annotate(people=Sum("count"))
        .order_by()
    )
    waiting = SurveyCount.objects.filter(survey__in=surveys).values_list("survey_id", "waiting")
    totals: Counter[int] = Counter(dict(counted))
    totals.update(dict(waiting))
    return dict(totals)


def history_of(survey: Survey) -> list[dict[str, Any]]:
    """What became of ``survey``, oldest first, for a timeline."""
    return [
        {"at": row.at, "text": TABLE[row.step].label, "who": row.by or "", "reason": row.reason}
        for row in transitions_of(survey)
    ]


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """Surveys that close within a fortnight, for staff, with how many people have answered."""
    if not is_staff_member(user):
        return []
    closing = list(Survey.objects.closing_before(now + CLOSING_SOON, now))
    totals = responses_of(closing)
    return [
        Todo(
            text=_("%(survey)s closes soon") % {"survey": survey.title},
            url=reverse("surveys:results", args=[survey.slug]),
            detail=ngettext(
                "%(count)s person has answered", "%(count)s people have answered", people
            )
            % {"count": f"{people:,}"},
            due=survey.closes_at,
        )
        for survey in closing
        for people in [totals.get(survey.pk, 0)]
    ]


def data_about(person: Any) -> dict[str, Any]:
    """Nothing: what somebody answered cannot be found by who they are."""
    return {"answers": _("Answers to surveys are kept without anything that leads to a person.")}
