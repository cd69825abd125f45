"""What a person waits for: somebody else has to do the next thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, DateField, DateTimeField, F, Min, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now, NullIf, TruncDate
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import RoleKind
from accounts.models import Invitation
from accounts.rules import (
    is_engagement_lead,
    is_networks_team,
    is_programme_manager,
    is_programme_team,
    role_kinds,
    scope_ids,
)
from coproduction.models import Proposal
from core.dates import nice_date
from expressions.enums import AssessmentState, CallState, ExpressionState
from expressions.models import Assessment, Expression
from meetings.enums import LogState
from meetings.models import Group, MeetingLog
from partners.enums import JoinState
from partners.models import JoinRequest
from partners.rules import is_partner_contact
from projects.enums import GapState
from projects.models import GapAsk
from reports.enums import UNFINISHED
from reports.models import ReportRun


@dataclass(frozen=True)
class Waiting:
    """One thing that a person waits for: what, from whom, since when, and by when it is wanted."""

    text: str | Promise
    url: str
    whose: str
    since: datetime
    due: date | None

    @property
    def since_words(self) -> str:
        return nice_date(self.since)

    @property
    def due_words(self) -> str:
        return nice_date(self.due)


@dataclass(frozen=True)
class Kind:
    """A kind of waiting: ``rows(user)`` is ``None`` for those whom it does not concern."""

    words: str | Promise
    whose: str | Promise
    url: Callable[[str], str]
    rows: Callable[[Any], QuerySet | None]


def _columns(kind: str, rows: QuerySet, *, title: Any, since: str, **more: str) -> QuerySet:
    """One branch of the union; each column is of the same type in each branch.

    ``more`` may name ``whose``, ``due``, and as ``ref`` what stands in the address of the page.
    """
    whose, due, ref = (more.get(name, "") for name in ("whose", "due", "ref"))
    return (
        rows.order_by()
        .annotate(
            w_kind=Value(kind, CharField()),
            w_ref=Cast(F(ref or "pk"), CharField()),
            w_title=Cast(F(title) if isinstance(title, str) else title, CharField()),
            w_whose=Cast(F(whose), CharField()) if whose else Value("", CharField()),
            w_since=Cast(F(since), DateTimeField()),
            w_due=Cast(F(due) if due else Value(None), DateField()),
        )
        .values_list("w_kind", "w_ref", "w_title", "w_whose", "w_since", "w_due")
    )


def _expressions(user: Any) -> QuerySet | None:
    if not is_partner_contact(user):
        return None
    # Not by its state: a check or a decision that is held would show by the line being gone.
    sent_in = Expression.objects.of_contact(user).filter(submitted_at__isnull=False)
    rows = sent_in.filter(told_at__isnull=True).exclude(state=ExpressionState.WITHDRAWN)
    rows = rows.exclude(call__state__in=[CallState.DECIDED, CallState.ARCHIVED])
    return _columns(
        "expression", rows, title="call__title", since="submitted_at", whose="organisation__name"
    )


def _joins(user: Any) -> QuerySet | None:
    rows = JoinRequest.objects.filter(person_id=user.pk, state=JoinState.ASKED)
    return _columns("join", rows, title="organisation__name", since="created_at")


def _returns(user: Any) -> QuerySet | None:
    groups = scope_ids(user, {RoleKind.NETWORK_COORDINATOR}, Group)
    if not groups:
        return None
    rows = MeetingLog.objects.filter(state=LogState.SUBMITTED, meeting__group__in=groups)
    return _columns(
        "return", rows, title="meeting__group__name", since="submitted_at", ref="meeting_id"
    )


def _questions(user: Any) -> QuerySet | None:
    if not is_networks_team(user):
        return None
    rows = MeetingLog.objects.filter(state=LogState.RETURNED)
    return _columns("question", rows, title="meeting__group__name", since="state_changed_at")


def _own_proposals(user: Any) -> QuerySet | None:
    if RoleKind.ADVISORY_MEMBER not in role_kinds(user):
        return None
    rows = Proposal.objects.visible_to(user).open().filter(proposed_by__person_id=user.pk)
    return _proposals("own_proposal", rows)


def _all_proposals(user: Any) -> QuerySet | None:
    return _proposals("proposal", Proposal.objects.open()) if is_engagement_lead(user) else None


def _proposals(kind: str, rows: QuerySet) -> QuerySet:
    own, replaced = NullIf(F("new_heading"), Value("")), F("replaces__heading")
    return _columns(kind, rows, title=Coalesce(own, replaced), since="created_at", due="closes_on")


def _evidence(user: Any) -> QuerySet | None:
    if not is_programme_team(user):
        return None
    rows = GapAsk.objects.filter(gap__state=GapState.OPEN, asked_by_id=user.pk).unanswered()
    return _columns(
        "evidence",
        rows,
        title="gap__topic__title",
        since="asked_at",
        whose="organisation__name",
        due="gap__wanted_by",
        ref="gap__topic_id",
    )


def _scores(user: Any) -> QuerySet | None:
    if not is_programme_team(user):
        return None
    rows = Assessment.objects.filter(
        state=AssessmentState.ASSIGNED,
        expression__call__state=CallState.ASSESSING,
        expression__in=Expression.objects.visible_to(user),
    )
    # A line for each assessor of a call, however many expressions are left to score.
    rows = rows.order_by().values(
        "assessor_id", "assessor__preferred_name", "expression__call_id",
        "expression__call__title", "expression__call__assess_by",
    )  # fmt: skip
    left = Cast(Count("pk"), CharField())
    return _columns(
        "score",
        rows.annotate(first=Min("assigned_at")),
        title=Concat(F("expression__call__title"), Value(": "), left, output_field=CharField()),
        since="first",
        whose="assessor__preferred_name",
        due="expression__call__assess_by",
        ref="expression__call_id",
    )


def _reports(user: Any) -> QuerySet | None:
    rows = ReportRun.objects.filter(requested_by_id=user.pk, state__in=UNFINISHED)
    return _columns("report", rows, title="kind", since="created_at")


def _invitations(user: Any) -> QuerySet | None:
    if not is_programme_manager(user):
        return None
    rows = Invitation.objects.filter(invited_by_id=user.pk, accepted_at=None)
    # By the clock here: a cast to a date would be by UTC.
    rows = rows.filter(expires_at__gt=Now()).annotate(last=TruncDate("expires_at"))
    return _columns("invitation", rows, title="email", since="created_at", due="last")


def _page(name: str, *, fixed: bool = False) -> Callable[[str], str]:
    return lambda ref: reverse(name) if fixed else reverse(name, args=[ref])


KINDS: dict[str, Kind] = {
    "expression": Kind(
        gettext_lazy("What we decide about your expression of interest: %(title)s"),
        "IMPACT",
        _page("expressions:sent"),
        _expressions,
    ),
    "join": Kind(
        gettext_lazy("An answer to your wish to join %(title)s"),
        "",
        _page("partners:join-request"),
        _joins,
    ),
    "return": Kind(
        gettext_lazy("The networks team reads your return: %(title)s"),
        gettext_lazy("Networks team"),
        _page("meetings:log"),
        _returns,
    ),
    "question": Kind(
        gettext_lazy("An answer to our question about a return: %(title)s"),
        gettext_lazy("Coordinators"),
        _page("networks-staff:return"),
        _questions,
    ),
    "own_proposal": Kind(
        gettext_lazy("What others think of your suggestion: %(title)s"),
        gettext_lazy("Advisory group"),
        _page("coproduction:proposal"),
        _own_proposals,
    ),
    "proposal": Kind(
        gettext_lazy("What members think of a suggestion: %(title)s"),
        gettext_lazy("Advisory group"),
        _page("coproduction:proposal"),
        _all_proposals,
    ),
    "evidence": Kind(
        gettext_lazy("A reply about “%(title)s”"),
        "",
        _page("projects:topic"),
        _evidence,
    ),
    "score": Kind(
        gettext_lazy("Scores that are still to come, %(title)s"),
        "",
        _page("expressions:assessment"),
        _scores,
    ),
    "report": Kind(gettext_lazy("A report that is being made"), "", _page("reports:run"), _reports),
    "invitation": Kind(
        gettext_lazy("%(title)s to accept your invitation"),
        "",
        _page("people:list", fixed=True),
        _invitations,
    ),
}


def waiting_for(user: Any, most: int) -> list[Waiting]:
    """What ``user`` waits for, the longest first, at most ``most`` and one more. One query."""
    branches = [rows for kind in KINDS.values() if (rows := kind.rows(user)) is not None]
    first, *others = branches
    union = first.union(*others, all=True).order_by("w_since", "w_kind", "w_ref")
    return [_line(row) for row in union[: most + 1]]


def _line(row: tuple[str, str, str, str, datetime, date | None]) -> Waiting:
    name, ref, title, whose, since, due = row
    kind = KINDS[name]
    text = str(kind.words) % {"title": title or _("without a title")}
    return Waiting(text, kind.url(ref), whose or str(kind.whose), since, due)
