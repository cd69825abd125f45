"""What a person waits for: with whom something lies that they began. One query for each kind."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import is_networks_team, is_programme_team, scope_ids
from coproduction.models import Proposal
from core.dates import nice_date
from core.todo import Todo
from expressions.enums import CallState, ExpressionState
from expressions.models import Expression
from meetings.enums import LogState
from meetings.models import Group, MeetingLog
from partners.enums import JoinState
from partners.models import JoinRequest
from partners.rules import is_partner_contact
from projects.enums import GapState
from projects.models import GapAsk, GapReply
from reports.enums import UNFINISHED
from reports.selectors import own_runs

# Of each kind; the page behind each line has them all.
MOST = 20
BEING_READ = [CallState.OPEN, CallState.CLOSED, CallState.ASSESSING, CallState.DECIDING]


def awaited(user: Any) -> list[Todo]:
    """All that ``user`` waits for, those with a day first, by day."""
    found = [line for kind in KINDS for line in kind(user)]
    return sorted(found, key=lambda line: (line.due is None, str(line.due or "")))


def _expressions(user: Any) -> Iterator[Todo]:
    if not is_partner_contact(user):
        return
    found = Expression.objects.of_contact(user).filter(
        submitted_at__isnull=False, call__state__in=BEING_READ
    )
    found = found.exclude(state=ExpressionState.WITHDRAWN).select_related("call", "organisation")
    for one in found.order_by("-submitted_at", "-id")[:MOST]:
        yield Todo(
            text=_("Our answer about “%(call)s”") % {"call": one.call.title},
            url=one.get_absolute_url(),
            detail=_("For %(organisation)s, sent in on %(day)s")
            % {"organisation": one.organisation.name, "day": nice_date(one.submitted_at)},
        )


def _returns(user: Any) -> Iterator[Todo]:
    """Returns that the networks team is reading, for those who sent them."""
    if not (groups := scope_ids(user, {RoleKind.NETWORK_COORDINATOR}, Group)):
        return
    found = MeetingLog.objects.filter(meeting__group__in=groups, state=LogState.SUBMITTED)
    for log in found.select_related("meeting__group").order_by("submitted_at", "id")[:MOST]:
        yield Todo(
            text=_("The networks team reads your return: %(meeting)s") % {"meeting": log.meeting},
            url=reverse("meetings:meeting", args=[log.meeting_id]),
            detail=str(log.meeting.group),
        )


def _answers_to_questions(user: Any) -> Iterator[Todo]:
    """Returns with a question to their coordinator, for the networks team."""
    if not is_networks_team(user):
        return
    found = MeetingLog.objects.filter(state=LogState.RETURNED)
    for log in found.select_related("meeting__group").order_by("submitted_at", "id")[:MOST]:
        yield Todo(
            text=_("A coordinator’s answer to a question: %(meeting)s") % {"meeting": log.meeting},
            url=reverse("networks-staff:return", args=[log.pk]),
            detail=str(log.meeting.group),
        )


def _positions(user: Any) -> Iterator[Todo]:
    """One's own suggestions for the charter, while the group says what it thinks."""
    found = Proposal.objects.visible_to(user).open().filter(proposed_by__person_id=user.pk)
    for proposal in found.with_words().order_by("closes_on", "id")[:MOST]:
        yield Todo(
            text=_("What the group thinks of your suggestion: %(title)s")
            % {"title": proposal.title},
            url=proposal.get_absolute_url(),
            due=proposal.closes_on,
        )


def _joining(user: Any) -> Iterator[Todo]:
    found = JoinRequest.objects.filter(person=user, state=JoinState.ASKED)
    for request in found.select_related("organisation")[:MOST]:
        yield Todo(
            text=_("An answer from %(organisation)s: may you join?")
            % {"organisation": request.organisation.name},
            url=reverse("partners:mine"),
        )


def _evidence(user: Any) -> Iterator[Todo]:
    """Organisations that somebody of the team asked for evidence and that have not answered."""
    if not is_programme_team(user):
        return
    replies = GapReply.objects.filter(ask=OuterRef("pk"))
    found = GapAsk.objects.filter(~Exists(replies), asked_by=user, gap__state=GapState.OPEN)
    for ask in found.select_related("gap__topic", "organisation").order_by("id")[:MOST]:
        yield Todo(
            text=_("Evidence from %(organisation)s") % {"organisation": ask.organisation.name},
            url=ask.gap.topic.get_absolute_url(),
            detail=ask.gap.topic.title,
            due=ask.gap.wanted_by,
        )


def _reports(user: Any) -> Iterator[Todo]:
    for run in own_runs(user).filter(state__in=UNFINISHED).order_by("id")[:MOST]:
        yield Todo(text=_("Your report: %(report)s") % {"report": run}, url=run.get_absolute_url())


KINDS: list[Callable[[Any], Iterator[Todo]]] = [
    _expressions,
    _returns,
    _answers_to_questions,
    _positions,
    _joining,
    _evidence,
    _reports,
]
