"""Reads of the charter itself: a version, a clause's history, comparisons, who agrees."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from core.worddiff import Piece, changes
from meetings.models import Member

from ..enums import ClauseKind, ProposalState
from ..models import (
    Agreement,
    Charter,
    CharterVersion,
    Clause,
    ClausePlace,
    ClauseText,
    Proposal,
)


@dataclass(frozen=True)
class ClauseRow:
    """A clause on the charter's page. ``agreed`` are names; ``total`` is how many members."""

    number: int
    wording: ClauseText
    agreed: list[str]
    total: int
    i_agree: bool
    is_new: bool
    open_proposals: list[Proposal]

    @property
    def agreed_in_words(self) -> str:
        count = len(self.agreed)
        if self.total and count == self.total:
            return _("Everyone agrees: all %(total)s members") % {"total": self.total}
        if count == 0:
            return _("Nobody has agreed yet, of %(total)s members") % {"total": self.total}
        return _("%(count)s of %(total)s members agree") % {"count": count, "total": self.total}


@dataclass(frozen=True)
class Section:
    """One part of the charter."""

    kind: str
    title: str
    about: str
    rows: list[ClauseRow]


@dataclass(frozen=True)
class CharterPage:
    """A version of the charter, ready to be shown."""

    charter: Charter
    version: CharterVersion | None
    is_current: bool
    sections: list[Section]
    not_agreed: list[int] = field(default_factory=list)
    members: int = 0


def _about(kind: str) -> str:
    return {
        ClauseKind.KNOWN: _("What is settled, and what we have to work within."),
        ClauseKind.UNKNOWN: _("What we still have to find out or decide together."),
        ClauseKind.SUGGESTION: _("Practical ideas. We keep what helps us and change the rest."),
    }[ClauseKind(kind)]


def current_version(charter: Charter) -> CharterVersion | None:
    """The newest version, or ``None`` before the first."""
    return CharterVersion.objects.filter(charter=charter).order_by("-number").first()


@dataclass(frozen=True)
class VersionEntry:
    """A version in the list of all, and the proposal that it carried out, if any."""

    version: CharterVersion
    proposal: Proposal | None


def versions_of(charter: Charter) -> list[VersionEntry]:
    """All versions, newest first."""
    versions = CharterVersion.objects.filter(charter=charter).order_by("-number")
    return [
        VersionEntry(version, getattr(version, "proposal", None))
        for version in versions.select_related("proposal__replaces")
    ]


def places_of(version: CharterVersion | None) -> list[ClausePlace]:
    """The clauses of a version in order, each with its wording and where that was first used."""
    if version is None:
        return []
    places = ClausePlace.objects.filter(version=version).order_by("order")
    return list(places.select_related("wording__first_version"))


def charter_page(charter: Charter, user: Any, version: CharterVersion | None = None) -> CharterPage:
    """The charter as ``user`` sees it: the current version, or the one that is asked for."""
    newest = current_version(charter)
    shown = version or newest
    places = places_of(shown)
    members = list(Member.objects.filter(group_id=charter.group_id, left_on__isnull=True))
    agreed = _agreed_by_wording([place.wording_id for place in places], members)
    proposals = defaultdict(list)
    open_ones = charter.proposals.filter(state=ProposalState.OPEN).select_related("replaces")
    for proposal in open_ones.order_by("opened_at", "id"):
        proposals[proposal.clause_id].append(proposal)
    mine = {member.pk for member in members if member.person_id == user.pk}
    rows = [
        ClauseRow(
            number=number,
            wording=place.wording,
            agreed=[m.name for m in members if m.pk in agreed[place.wording_id]],
            total=len(members),
            i_agree=bool(mine & agreed[place.wording_id]),
            is_new=place.wording.first_version_id == place.version_id and _is_later(shown),
            open_proposals=proposals[place.clause_id],
        )
        for number, place in enumerate(places, start=1)
    ]
    return CharterPage(
        charter=charter,
        version=shown,
        is_current=shown == newest,
        sections=_sections(rows),
        not_agreed=[row.wording.pk for row in rows if not row.i_agree],
        members=len(members),
    )


def _is_later(version: CharterVersion | None) -> bool:
    """Whether it is not the first version, in which everything would be new."""
    return version is not None and version.number > 1


def _sections(rows: list[ClauseRow]) -> list[Section]:
    return [
        Section(
            kind=kind,
            title=str(ClauseKind(kind).label),
            about=_about(kind),
            rows=[row for row in rows if row.wording.kind == kind],
        )
        for kind in ClauseKind.values
    ]


def _agreed_by_wording(wordings: list[int], members: list[Member]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    standing = Agreement.objects.filter(
        wording_id__in=wordings, member__in=[m.pk for m in members], taken_back_at__isnull=True
    )
    for wording, member in standing.values_list("wording_id", "member_id"):
        found[wording].add(member)
    return found


# --- The agreement matrix ------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Whether a member agrees with a clause, in words."""

    words: str
    colour: str
    since: datetime | None = None


@dataclass(frozen=True)
class MatrixRow:
    number: int
    wording: ClauseText
    cells: list[Cell]
    agreed: int


@dataclass(frozen=True)
class Matrix:
    """Clause by member, in one version."""

    version: CharterVersion | None
    members: list[Member]
    rows: list[MatrixRow]


def agreement_matrix(charter: Charter, version: CharterVersion | None) -> Matrix:
    """Who agrees with which clause of ``version``. Earlier words that were agreed are said so."""
    members = list(Member.objects.filter(group_id=charter.group_id, left_on__isnull=True))
    places = places_of(version)
    standing: dict[tuple[int, int], datetime] = {}
    earlier: set[tuple[int, int]] = set()
    agreements = Agreement.objects.filter(
        wording__clause__charter=charter, taken_back_at__isnull=True
    ).values_list("wording_id", "wording__clause_id", "member_id", "agreed_at")
    for wording, clause, member, agreed_at in agreements:
        standing[wording, member] = agreed_at
        earlier.add((clause, member))
    rows = []
    for number, place in enumerate(places, start=1):
        cells = [_cell(place, member, standing, earlier) for member in members]
        agreed = sum(cell.since is not None for cell in cells)
        rows.append(MatrixRow(number, place.wording, cells, agreed))
    return Matrix(version=version, members=members, rows=rows)


def _cell(
    place: ClausePlace,
    member: Member,
    standing: dict[tuple[int, int], datetime],
    earlier: set[tuple[int, int]],
) -> Cell:
    since = standing.get((place.wording_id, member.pk))
    if since is not None:
        return Cell(_("Agrees"), "good", since)
    if (place.clause_id, member.pk) in earlier:
        return Cell(_("Agreed to other words"), "warning")
    return Cell(_("Not yet"), "neutral")


# --- Comparing -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What happened to one clause between two versions. ``pieces`` are the words that changed."""

    what: str
    label: str
    heading: str
    old: str
    new: str
    pieces: list[Piece]


def changes_between(old: CharterVersion, new: CharterVersion) -> list[Change]:
    """The clauses that differ, in the order of ``new``, then those that are gone."""
    before = {place.clause_id: place for place in places_of(old)}
    after = {place.clause_id: place for place in places_of(new)}
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    found = []
    for clause_id, place in after.items():
        was = before.get(clause_id)
        if was is None:
            found.append(_change("added", _("Added"), None, place.wording))
        elif was.wording_id != place.wording_id:
            found.append(_change("changed", _("Changed"), was.wording, place.wording))
        elif clause_id in moved:
            found.append(_change("moved", _("Moved"), was.wording, place.wording))
    for clause_id, place in before.items():
        if clause_id not in after:
            found.append(_change("removed", _("Taken out"), place.wording, None))
    return found


def _moved(before: list[int], after: list[int]) -> set[int]:
    """The clauses whose order changed, taking as few as possible for moved."""
    longest: dict[int, list[int]] = {}
    places = {clause: place for place, clause in enumerate(before)}
    for clause in after:
        options = [run for last, run in longest.items() if places[last] < places[clause]]
        longest[clause] = [*max(options, key=len, default=[]), clause]
    stayed = max(longest.values(), key=len, default=[])
    return set(after) - set(stayed)


def _change(what: str, label: str, old: ClauseText | None, new: ClauseText | None) -> Change:
    before, after = (old.whole if old else ""), (new.whole if new else "")
    heading = (new or old).heading  # type: ignore[union-attr]
    return Change(what, label, heading, before, after, changes(before, after))


@dataclass(frozen=True)
class HistoryStep:
    """One wording of a clause, and what it changed in the one before."""

    wording: ClauseText
    before: str
    proposal: Proposal | None


@dataclass(frozen=True)
class ClauseHistory:
    """All wordings of a clause, newest first, and the proposals about it."""

    clause: Clause
    steps: list[HistoryStep]
    proposals: list[Proposal]
    is_in_charter: bool


def clause_history(clause: Clause) -> ClauseHistory:
    """How the words of ``clause`` came about."""
    texts = list(clause.texts.select_related("first_version__proposal__replaces").order_by("id"))
    befores = ["", *(old.whole for old, _new in pairwise(texts))]
    steps = [
        HistoryStep(text, before, getattr(text.first_version, "proposal", None))
        for text, before in zip(texts, befores, strict=True)
    ]
    newest = current_version(clause.charter)
    return ClauseHistory(
        clause=clause,
        steps=steps[::-1],
        proposals=list(clause.proposals.select_related("replaces", "proposed_by")[:50]),
        is_in_charter=ClausePlace.objects.filter(version=newest, clause=clause).exists(),
    )
