"""Lists of expressions for staff, what waits for whom, and what is held about a person."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import is_programme_manager, is_programme_team
from core.enums import Nation
from core.labels import labels
from core.links import addresses
from core.paging import KeysetPage, keyset_page
from core.todo import Todo
from partners.enums import OrganisationKind
from partners.rules import is_partner_contact
from projects.enums import DeliveryModel

from ..enums import UNDER_SEAL, AssessmentState, CallState, ExpressionState
from ..models import Answer, AnswerFile, Call, EarlierAnswer, Expression
from .assessing import assessing_data, assessment_todo, assessor_todo
from .lacking import incomplete_todo
from .releasing import deciding_data, deciding_todo, offers_todo

LIST_ORDER = ["-listed_at", "-id"]
LIST_COLUMNS = [
    "id", "reference", "state", "delivery_model", "submitted_at", "listed_at", "is_example",
    "organisation__name", "organisation__kind", "organisation__nation", "topic__title",
    "call__is_sealed", "call__state",
]  # fmt: skip
CLOSING_SOON = timedelta(days=14)


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
    sealed = _("Sealed until the call closes")
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
                topic=sealed if _is_sealed(row) else row["topic__title"] or not_chosen,
                model="" if _is_sealed(row) else models.get(row["delivery_model"], ""),
                submitted_at=row["submitted_at"],
            )
            for row in page.rows
        ],
    )


def _is_sealed(row: dict[str, Any]) -> bool:
    """Topic and model are answers: those of a sealed call are not on a list before it closes."""
    return row["call__is_sealed"] and row["call__state"] in UNDER_SEAL


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for this person here: at most seven queries, none without a role;
    and some more for each expression that was sent in and may be incomplete."""
    found: list[Todo] = assessor_todo(user)
    if is_partner_contact(user):
        found += offers_todo(user, now) + _drafts_to_finish(user, now)
        found += incomplete_todo(user, now)
    if is_programme_team(user):
        found += _arrived(user) + _calls(now)
    if is_programme_manager(user):
        found += deciding_todo(user, now)
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


def _arrived(user: Any) -> list[Todo]:
    """Those that ``user`` can check now: not the sealed, nor what a conflict hides from them."""
    visible = Expression.objects.visible_to(user).unsealed()
    count = visible.filter(state=ExpressionState.SUBMITTED).count()
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


def _calls(now: datetime) -> list[Todo]:
    """Open calls that close soon, and calls whose expressions are to be read. One query."""
    is_open = Q(state=CallState.OPEN, opens_at__lte=now, closes_at__gt=now)
    closing = is_open & Q(closes_at__lte=now + CLOSING_SOON)
    read = Q(state__in=[CallState.CLOSED, CallState.ASSESSING])
    assessments, theirs = "expressions__assessments", "expressions__assessments__state"
    calls = (
        Call.objects.filter(closing | read)
        .annotate(
            drafts=_count("expressions", expressions__state=ExpressionState.DRAFT),
            arrived=_count("expressions", expressions__submitted_at__isnull=False),
            done=_count(assessments, **{theirs: AssessmentState.DONE}),
            open=_count(assessments, **{theirs: AssessmentState.ASSIGNED}),
        )
        .order_by("closes_at", "id")
    )
    found = list(calls[:40])
    return [_closing(call) for call in found if call.state == CallState.OPEN] + [
        assessment_todo(call) for call in found if call.state != CallState.OPEN
    ]


def _count(what: str, **which: Any) -> Count:
    return Count(what, filter=Q(**which), distinct=True)


def _closing(call: Any) -> Todo:
    return Todo(
        text=_("%(call)s closes soon") % {"call": call.title},
        url=f"{reverse('expressions:staff-list')}?call={call.pk}",
        detail=_("%(arrived)s sent in, %(drafts)s drafts")
        % {"arrived": call.arrived, "drafts": call.drafts},
        due=call.closes_at,
    )


def figures(now: datetime) -> dict[str, int]:
    """How many calls are open, and how many expressions they have, sent in and drafted."""
    return Expression.objects.filter(call__state=CallState.OPEN, call__closes_at__gt=now).aggregate(
        arrived=Count("pk", filter=Q(submitted_at__isnull=False)),
        drafts=Count("pk", filter=Q(state=ExpressionState.DRAFT)),
    )


def expressions_data(person: User) -> dict[str, Any]:
    """What this room holds about ``person``: what they began, sent in, and wrote."""
    mine = Q(started_by=person) | Q(submitted_by=person) | Q(entered_by=person)
    earlier = EarlierAnswer.objects.filter(written_by=person).select_related("question")
    return {
        "expressions": [
            {
                "call": one.call.title,
                "organisation": one.organisation.name,
                "reference": one.reference,
                "state": one.own_state,
                "begun_by_you": one.started_by_id == person.pk,
                "entered_by_you": one.entered_by_id == person.pk,
                "how_it_reached_us": one.provenance if one.entered_by_id == person.pk else "",
                "sent_in_by_you": one.submitted_by_id == person.pk,
                "declared_by": one.declared_by if one.submitted_by_id == person.pk else "",
            }
            for one in Expression.objects.filter(mine).select_related("call", "organisation")
        ],
        "answers_last_saved_by_you": [
            {"question": answer.question.text, "answer": answer.value}
            for answer in Answer.objects.filter(saved_by=person).select_related("question")
        ],
        "earlier_texts_by_you": [
            {"question": text.question.text, "text": text.value, "on": text.written_at.isoformat()}
            for text in earlier
        ],
        "files_uploaded_by_you": [
            {"question": file.question.text, "name": file.name, "on": file.uploaded_at.isoformat()}
            for file in AnswerFile.objects.filter(uploaded_by=person).select_related("question")
        ],
        **assessing_data(person),
        **deciding_data(person),
    }
