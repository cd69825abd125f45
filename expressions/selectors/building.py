"""Reads for those who build a call: the list of calls, what a call lacks, its form as it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.labels import labels
from core.paging import KeysetPage, keyset_page

from ..callform.checks import problems
from ..callform.document import Document, form_of, questions_in
from ..enums import EDITABLE_STATES, CallState, ExpressionState, Fills
from ..models import Call, CallChange, CallVersion, Expression, SealOpening

CALL_ORDER = ["-year", "-id"]
CALL_COLUMNS = ["id", "slug", "title", "year", "state", "opens_at", "closes_at", "is_example"]


class ListedCall(TypedDict):
    """A line of the list of calls. ``state`` is the value of its enum."""

    id: int
    url: str
    title: str
    year: int
    state: str
    state_label: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_example: bool
    arrived: int
    drafts: int


@dataclass(frozen=True)
class Lack:
    """What a call lacks before it can be opened, and where to put it right."""

    words: str
    url: str


@dataclass(frozen=True)
class Counts:
    """How many expressions a call has; withdrawn ones are not among them."""

    drafts: int
    arrived: int
    eligible: int
    unchecked: int


def call_list(calls: QuerySet, cursor: str | None) -> KeysetPage:
    """A page of ``calls``, the newest year first. Three queries. Rows are ``ListedCall``."""
    page = keyset_page(calls, order=CALL_ORDER, cursor=cursor, columns=CALL_COLUMNS)
    counted = {
        row["call_id"]: row
        for row in Expression.objects.filter(call_id__in=[row["id"] for row in page.rows])
        .order_by()
        .values("call_id")
        .annotate(arrived=_arrived(), drafts=_drafts())
    }
    states, none = labels(CallState), {"arrived": 0, "drafts": 0}
    rows = [
        ListedCall(
            id=row["id"],
            url=reverse("expressions:staff-call", args=[row["slug"]]),
            title=row["title"],
            year=row["year"],
            state=row["state"],
            state_label=states[row["state"]],
            opens_at=row["opens_at"],
            closes_at=row["closes_at"],
            is_example=row["is_example"],
            arrived=counted.get(row["id"], none)["arrived"],
            drafts=counted.get(row["id"], none)["drafts"],
        )
        for row in page.rows
    ]
    return replace(page, rows=rows)


def _arrived() -> Count:
    withdrawn = Q(state=ExpressionState.WITHDRAWN)
    return Count("pk", filter=Q(submitted_at__isnull=False) & ~withdrawn)


def _drafts() -> Count:
    return Count("pk", filter=Q(state=ExpressionState.DRAFT))


def counts_of(call: Call) -> Counts:
    """How many expressions ``call`` has. One query."""
    states = ExpressionState
    found = Expression.objects.filter(call=call).aggregate(
        drafts=_drafts(),
        arrived=_arrived(),
        eligible=Count("pk", filter=Q(state=states.ELIGIBLE)),
        unchecked=Count("pk", filter=Q(state=states.SUBMITTED)),
    )
    return Counts(**found)


def change_of(call: Call) -> CallChange | None:
    """The change of an open call that is being written; nothing when there is none."""
    return CallChange.objects.filter(call=call).select_related("by").first()


def current_form(call: Call, change: CallChange | None = None) -> Document:
    """The form that its builders work on: the change under way, else the form as it stands."""
    return change.form if change else form_of(call)


def lacks(call: Call, now: datetime, form: Document | None = None) -> list[Lack]:
    """What ``call`` lacks before it can be opened; two or three queries with the form given."""
    form = form or form_of(call)
    return [*_lacking_facts(call), *_lacking_dates(call, now), *_lacking_form(call, form)]


def _lacking_facts(call: Call) -> list[Lack]:
    url = reverse("expressions:build-facts", args=[call.slug])
    wanted = [
        (call.summary.strip(), _("Say in a few words what the call is about.")),
        (call.offer.strip(), _("Say what you offer.")),
        (call.ask.strip(), _("Say what you ask of those who take part.")),
        (call.delivery_models, _("Choose at least one delivery model.")),
        (call.nations, _("Choose at least one nation.")),
    ]
    return [Lack(words, url) for there, words in wanted if not there]


def _lacking_dates(call: Call, now: datetime) -> list[Lack]:
    url = reverse("expressions:build-dates", args=[call.slug])
    if call.opens_at is None or call.closes_at is None:
        return [Lack(_("Say when the call opens and closes."), url)]
    if call.closes_at <= now:
        return [Lack(_("The closing time has passed. Choose a later one."), url)]
    return []


def _lacking_form(call: Call, form: Document) -> list[Lack]:
    url = reverse("expressions:build-form", args=[call.slug])
    found = [Lack(one.words, url) for one in problems(form, models=call.delivery_models)]
    if not any(questions_in(form)):
        return [Lack(_("Write at least one section with a question."), url), *found]
    found += [
        Lack(_("The section “%(title)s” has no question.") % {"title": section["title"]}, url)
        for section in form["sections"]
        if not section["questions"]
    ]
    by_model = any(one["required_from_model"] for one in questions_in(form))
    asks_model = any(one["fills"] == Fills.DELIVERY_MODEL for one in questions_in(form))
    if by_model and not asks_model:
        words = _(
            "Some questions need an answer at some delivery models only, "
            "but no question asks for the delivery model."
        )
        found.append(Lack(words, url))
    return found


def versions_of(call: Call) -> QuerySet[CallVersion]:
    """The versions of a call without their forms, the newest first."""
    return CallVersion.objects.filter(call=call).select_related("by").defer("form")


def changes_since(call: Call, version: int) -> list[CallVersion]:
    """The versions that came after ``version``, the oldest first. One query."""
    later = CallVersion.objects.filter(call=call, number__gt=version).defer("form")
    return list(later.order_by("number"))


def seal_openings(call: Call, user: Any) -> QuerySet[SealOpening]:
    """The expressions of ``call`` that were opened under the seal, of those ``user`` may know."""
    seen = Expression.objects.visible_to(user).filter(call=call)
    found = SealOpening.objects.filter(expression__call=call, expression__in=seen.values("pk"))
    return found.select_related("by", "expression__organisation")


def being_written(call: Call) -> QuerySet[Expression]:
    """The expressions whose organisations may still change them: whom a change concerns."""
    found = Expression.objects.filter(call=call, state__in=EDITABLE_STATES)
    return found.select_related("organisation").order_by("pk")
