"""What waits for a person in this room, and what the room holds about them."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import RoleKind
from accounts.rules import role_kinds
from core.todo import Todo
from meetings.models import Member

from ..models import Agreement, Comment, Draft, Position, Proposal
from ..querysets import group_ids


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for ``user``: two queries for a member, one for the facilitator, else none.

    Meetings are not told here: the room of meetings tells them for every group.
    """
    found: list[Todo] = []
    groups = group_ids(user) if RoleKind.ADVISORY_MEMBER in role_kinds(user) else set()
    if groups:
        found += _positions_wanted(user, groups, now)
        found += _own_drafts(user, groups)
    if RoleKind.ENGAGEMENT_LEAD in role_kinds(user):
        found += _ready_to_close(now)
    return found


def _positions_wanted(user: Any, groups: set[int], now: datetime) -> list[Todo]:
    answered = Position.objects.filter(proposal_id=OuterRef("pk"), member__person_id=user.pk)
    waiting = (
        Proposal.objects.open()
        .filter(~Exists(answered), charter__group_id__in=groups)
        .select_related("replaces")
        .order_by("closes_on", "id")
    )
    today = timezone.localdate(now)
    return [
        Todo(
            text=_("Say what you think: %(title)s") % {"title": proposal.title},
            url=proposal.get_absolute_url(),
            detail=_("A suggestion for the charter"),
            due=proposal.closes_on,
            is_late=proposal.closes_on < today,
        )
        for proposal in waiting[:20]
    ]


def _own_drafts(user: Any, groups: set[int]) -> list[Todo]:
    drafts = (
        Draft.objects.being_written()
        .filter(author__person_id=user.pk, charter__group_id__in=groups)
        .select_related("replaces")
    )
    return [
        Todo(
            text=_("Finish your draft: %(title)s") % {"title": draft.title},
            url=draft.get_absolute_url(),
            detail=_("Nobody else sees it until you share it"),
        )
        for draft in drafts[:20]
    ]


def _ready_to_close(now: datetime) -> list[Todo]:
    today = timezone.localdate(now)
    present = Q(charter__group__members__left_on__isnull=True)
    taken = Q(positions__member__left_on__isnull=True)
    ready = (
        Proposal.objects.open()
        .annotate(
            members=Count("charter__group__members", filter=present, distinct=True),
            taken=Count("positions", filter=taken, distinct=True),
        )
        .select_related("replaces")
        .order_by("closes_on", "id")
    )
    return [
        Todo(
            text=_("Close the proposal: %(title)s") % {"title": proposal.title},
            url=reverse("coproduction:decide", args=[proposal.pk]),
            detail=ngettext(
                "%(taken)s of %(members)s member has taken a position",
                "%(taken)s of %(members)s members have taken a position",
                proposal.members,
            )
            % {"taken": proposal.taken, "members": proposal.members},
            due=proposal.closes_on,
            is_late=proposal.closes_on < today,
        )
        for proposal in ready.filter(Q(closes_on__lte=today) | Q(taken__gte=1))[:50]
        if proposal.closes_on <= today or proposal.taken >= proposal.members
    ]


def person_data(person: Any) -> dict[str, Any]:
    """What this room holds about ``person``, for their own copy of their data."""
    members = Member.objects.filter(person=person)
    return {
        "proposals": [
            {
                "what": proposal.title,
                "heading": proposal.new_heading,
                "words": proposal.new_text,
                "why": proposal.reason,
                "opened": proposal.opened_at.isoformat(),
                "state": str(proposal.get_state_display()),
            }
            for proposal in Proposal.objects.filter(proposed_by__in=members).with_words()
        ],
        "drafts": [
            {
                "what": draft.title,
                "heading": draft.new_heading,
                "words": draft.new_text,
                "why": draft.reason,
                "changed": draft.updated_at.isoformat(),
            }
            for draft in Draft.objects.filter(author__in=members).select_related("replaces")
        ],
        "positions": _positions_held(members),
        "comments": [
            {"said": comment.said_at.isoformat(), "text": comment.text}
            for comment in Comment.objects.filter(said_by=person)
        ],
        "agreements": [
            {
                "clause": agreement.wording.heading,
                "agreed": agreement.agreed_at.isoformat(),
                "taken_back": agreement.taken_back_at and agreement.taken_back_at.isoformat(),
            }
            for agreement in Agreement.objects.filter(member__in=members).select_related("wording")
        ],
    }


def _positions_held(members: Any) -> list[dict[str, Any]]:
    positions = Position.objects.filter(member__in=members).select_related("proposal__replaces")
    found = []
    for position in positions.prefetch_related("past"):
        for taken in [position, *position.past.all()]:
            found.append(
                {
                    "proposal": position.proposal.title,
                    "position": str(taken.get_stance_display()),
                    "why": taken.reason,
                    "to_the_facilitator_only": taken.is_private,
                    "taken": taken.taken_at.isoformat(),
                    "is_the_latest": taken is position,
                }
            )
    return found
