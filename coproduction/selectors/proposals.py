"""Reads of a proposal: the words compared, who thinks what, whether it may be adopted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import nice_date
from core.worddiff import Piece, changes
from meetings.models import Member

from ..enums import ClosingRule, ProposalKind, Stance
from ..models import Charter, ClausePlace, Draft, Position, Proposal
from .charter import current_version, places_of

Suggestion = Draft | Proposal


# --- The words, and whether they are still those of the charter ----------------------------


def place_now(suggestion: Suggestion) -> ClausePlace | None:
    """Where the clause stands in the charter's newest version; ``None`` when it is not there."""
    if suggestion.clause_id is None:
        return None
    places = ClausePlace.objects.filter(
        version=current_version(suggestion.charter), clause_id=suggestion.clause_id
    )
    return places.select_related("wording", "version").first()


def clause_is_gone(suggestion: Suggestion) -> bool:
    """Whether it is about a clause that has been taken out since."""
    return suggestion.kind != ProposalKind.ADD and place_now(suggestion) is None


def is_based_on_older_words(suggestion: Suggestion) -> bool:
    """Whether the clause's words are no longer those that the writer had before them.

    A move takes the clause with whatever words it has, so that it is never out of date.
    """
    if suggestion.kind in {ProposalKind.ADD, ProposalKind.MOVE}:
        return False
    place = place_now(suggestion)
    return place is None or place.wording_id != suggestion.replaces_id


@dataclass(frozen=True)
class ThreeWay:
    """Words as they were when the writing began, as they are now, and as they are proposed.

    ``base`` is empty and ``is_stale`` false where the first two are the same.
    """

    is_stale: bool
    is_gone: bool
    base: str
    now: str
    proposed: str
    base_number: int
    pieces: list[Piece]


def three_way(suggestion: Suggestion) -> ThreeWay:
    """What a proposal or draft would do to the charter as it is now."""
    place = place_now(suggestion)
    base = suggestion.replaces.whole if suggestion.replaces else ""
    now = place.wording.whole if place else ""
    gone = suggestion.kind != ProposalKind.ADD and place is None
    stale = not gone and is_based_on_older_words(suggestion)
    return ThreeWay(
        is_stale=stale,
        is_gone=gone,
        base=base,
        now=base if gone else now,
        proposed=suggestion.new_whole,
        base_number=suggestion.based_on.number,
        pieces=changes(base if gone else now, suggestion.new_whole),
    )


# --- The group's rule ----------------------------------------------------------------------


@dataclass(frozen=True)
class RulePoint:
    """One thing that the rule asks, whether it is so, and whether changed words can mend it."""

    text: str
    is_met: bool
    changes_help: bool = False


@dataclass(frozen=True)
class RuleCheck:
    """Whether a proposal may be adopted now, point by point."""

    points: list[RulePoint]

    @property
    def is_met(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        return [point.text for point in self.points if not point.is_met]

    @property
    def problems_with_changes(self) -> list[str]:
        """What stands against it even with other words."""
        return [p.text for p in self.points if not p.is_met and not p.changes_help]


def check_rule(
    proposal: Proposal, now: datetime, members: int | None = None, stances: Any = None
) -> RuleCheck:
    """Ask the group's rule about ``proposal``. ``members`` and ``stances`` are read if not given.

    Only positions of members who are in the group now count.
    """
    charter = proposal.charter
    if members is None:
        members = Member.objects.filter(group_id=charter.group_id, left_on__isnull=True).count()
    if stances is None:
        standing = Position.objects.filter(proposal=proposal, member__left_on__isnull=True)
        stances = standing.values_list("stance", flat=True)
    counts = Counter(stances)
    return RuleCheck(
        [
            _quorum(charter, sum(counts.values()), members),
            _time(proposal.closes_on, timezone.localdate(now), sum(counts.values()), members),
            _consent(charter.closing_rule, counts),
        ]
    )


def _quorum(charter: Charter, taken: int, members: int) -> RulePoint:
    needed = max(1, ceil(members * charter.quorum_percent / 100))
    text = ngettext(
        "%(taken)s of %(members)s members has taken a position; we need at least %(needed)s.",
        "%(taken)s of %(members)s members have taken a position; we need at least %(needed)s.",
        taken,
    )
    words = text % {"taken": taken, "members": members, "needed": needed}
    return RulePoint(words, taken >= needed)


def _time(closes_on: date, today: date, taken: int, members: int) -> RulePoint:
    if members and taken >= members:
        return RulePoint(_("Every member has taken a position, so nobody has to wait."), True)
    if closes_on <= today:
        return RulePoint(
            _("The time to take a position is over: it ran until %(day)s.")
            % {"day": nice_date(closes_on)},
            True,
        )
    return RulePoint(
        _("Members have until %(day)s to take a position.") % {"day": nice_date(closes_on)}, False
    )


def _consent(rule: str, counts: Counter) -> RulePoint:
    cannot, talk = counts[Stance.CANNOT], counts[Stance.TALK]
    support, taken = counts[Stance.AGREE] + counts[Stance.LIVE_WITH], sum(counts.values())
    if rule == ClosingRule.MAJORITY:
        words = _("%(support)s of %(taken)s agree or can live with it; we need more than half.")
        met = support * 2 > taken
        return RulePoint(words % {"support": support, "taken": taken}, met, changes_help=True)
    if cannot:
        words = ngettext(
            "%(count)s member cannot agree.", "%(count)s members cannot agree.", cannot
        )
        return RulePoint(words % {"count": cannot}, False, changes_help=True)
    if rule == ClosingRule.CONSENSUS and talk:
        words = ngettext(
            "%(count)s member wants to talk about it first.",
            "%(count)s members want to talk about it first.",
            talk,
        )
        return RulePoint(words % {"count": talk}, False, changes_help=True)
    if talk:
        words = ngettext(
            "Nobody has said that they cannot agree. %(count)s member wants to talk about it.",
            "Nobody has said that they cannot agree. %(count)s members want to talk about it.",
            talk,
        )
        return RulePoint(words % {"count": talk}, True)
    return RulePoint(_("Nobody has said that they cannot agree."), True)


# --- The proposal's page -------------------------------------------------------------------


@dataclass(frozen=True)
class PositionRow:
    """A member's position; ``reason`` is empty and ``is_withheld`` true for one not for you."""

    name: str
    stance: str
    label: str
    reason: str
    is_withheld: bool
    is_private: bool
    is_mine: bool
    taken_at: datetime
    changed: int


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as one person may see it."""

    proposal: Proposal
    words: ThreeWay
    rule: RuleCheck
    positions: list[PositionRow]
    waiting_for: list[str]
    comments: list[Any]
    mine: Position | None
    counts: list[tuple[str, int]]
    members: int
    after_heading: str


def proposal_page(proposal: Proposal, user: Any, now: datetime) -> ProposalPage:
    """What ``user`` sees of ``proposal``; other people's private reasons only as facilitator."""
    members = list(Member.objects.filter(group_id=proposal.charter.group_id, left_on__isnull=True))
    sees_all = user.has_perm("coproduction.read_private_reasons", proposal)
    positions = list(proposal.positions.select_related("member").prefetch_related("past"))
    taken = {position.member_id for position in positions}
    counted = [p.stance for p in positions if p.member.left_on is None]
    mine = next((p for p in positions if p.member.person_id == user.pk), None)
    return ProposalPage(
        proposal=proposal,
        words=three_way(proposal),
        rule=check_rule(proposal, now, len(members), counted),
        positions=[_position_row(position, user, sees_all) for position in positions],
        waiting_for=[member.name for member in members if member.pk not in taken],
        comments=list(proposal.comments.select_related("said_by")),
        mine=mine,
        counts=[(str(stance.label), counted.count(stance)) for stance in Stance],
        members=len(members),
        after_heading=after_heading(proposal),
    )


def _position_row(position: Position, user: Any, sees_all: bool) -> PositionRow:
    is_mine = position.member.person_id == user.pk
    withheld = position.is_private and bool(position.reason) and not (sees_all or is_mine)
    return PositionRow(
        name=position.member.name,
        stance=position.stance,
        label=str(position.get_stance_display()),
        reason="" if withheld else position.reason,
        is_withheld=withheld,
        is_private=position.is_private and bool(position.reason),
        is_mine=is_mine,
        taken_at=position.taken_at,
        changed=len(position.past.all()),
    )


def after_heading(suggestion: Suggestion) -> str:
    """Where a moved or new clause would stand, in words; empty for the others."""
    if suggestion.kind not in {ProposalKind.MOVE, ProposalKind.ADD}:
        return ""
    places = places_of(current_version(suggestion.charter))
    behind = next((p for p in places if p.clause_id == suggestion.after_id), None)
    if behind is not None:
        return _("behind “%(clause)s”") % {"clause": behind.wording.heading}
    if suggestion.kind == ProposalKind.MOVE:
        return _("at the top of its part of the charter")
    return _("at the end of its part of the charter")
