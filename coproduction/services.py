"""Writes about the charter that are not changes of a proposal's state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.enums import AuditAction
from meetings.models import Member
from notifications.services import queue

from .enums import ClauseKind, Outcome, ProposalKind, Stance
from .models import (
    Agreement,
    Ask,
    Charter,
    CharterVersion,
    Clause,
    ClausePlace,
    ClauseText,
    Comment,
    Draft,
    DraftRevision,
    PastPosition,
    Position,
    Proposal,
)
from .notifications import PROPOSAL_OPENED

WORDS = ("new_kind", "new_heading", "new_text", "reason")


class OutOfDate(Exception):
    """What the person saw has changed since, or is closed. ``str()`` is fit to be shown."""


@dataclass(frozen=True)
class Words:
    """The words of a clause, and the part of the charter in which it stands."""

    kind: str
    heading: str
    text: str


# --- Members ------------------------------------------------------------------------------


def membership(*, charter: Charter, by: User, now: datetime) -> Member:
    """The membership of ``by``, who holds the role; made where only the role was given."""
    member, _made = Member.objects.get_or_create(
        group_id=charter.group_id,
        person=by,
        left_on=None,
        defaults={
            "name": by.preferred_name,
            "joined_on": timezone.localdate(now),
            "is_example": by.is_example,
        },
    )
    return member


def present_members(charter: Charter) -> list[Member]:
    """The members of the charter's group who have not left, with their accounts."""
    members = Member.objects.filter(group_id=charter.group_id, left_on__isnull=True)
    return list(members.select_related("person"))


# --- Versions -----------------------------------------------------------------------------


def publish_version(
    *,
    charter: Charter,
    proposal: Proposal,
    words: Words | None,
    seen: int,
    by: User | None,
    now: datetime,
    note: str,
) -> CharterVersion:
    """The next version of ``charter``, in which ``proposal`` is carried out with ``words``.

    ``words`` are ``None`` where none change. ``seen`` is the number of the version that the
    facilitator had before them. Errors: ``OutOfDate`` when another one was published meanwhile.
    """
    Charter.objects.select_for_update().get(pk=charter.pk)
    current = CharterVersion.objects.filter(charter=charter).order_by("-number").first()
    if current is None or current.number != seen:
        raise OutOfDate(
            _("The charter got a new version while you were reading. Look at both, then decide.")
        )
    version = CharterVersion.objects.create(
        charter=charter,
        number=current.number + 1,
        published_at=now,
        published_by=by,
        note=note,
        is_example=proposal.is_example,
    )
    places = current.places.select_related("wording").order_by("order")
    changed = rearranged([place.wording for place in places], proposal, words, version)
    put_in_place(version, changed)
    audit.record(action=AuditAction.CREATED, obj=version, by=by, now=now)
    return version


def rearranged(
    wordings: Sequence[ClauseText],
    proposal: Proposal,
    words: Words | None,
    version: CharterVersion,
) -> list[ClauseText]:
    """The wordings of the next version, in order. Untouched ones stay the same rows."""
    line = [wording for wording in wordings if wording.clause_id != proposal.clause_id]
    gone = next((w for w in wordings if w.clause_id == proposal.clause_id), None)
    if proposal.kind == ProposalKind.REMOVE:
        return line
    if words is None:
        return _inserted(line, gone, proposal.after_id, at_end=False)
    clause = proposal.clause or Clause.objects.create(
        charter_id=version.charter_id, is_example=proposal.is_example
    )
    wording = ClauseText.objects.create(
        clause=clause,
        first_version=version,
        kind=words.kind,
        heading=words.heading,
        text=words.text,
        is_example=proposal.is_example,
    )
    if gone is not None and gone.kind == wording.kind:
        return [wording if old.clause_id == clause.pk else old for old in wordings]
    return _inserted(line, wording, proposal.after_id, at_end=True)


def _inserted(
    line: list[ClauseText], wording: ClauseText | None, after: int | None, *, at_end: bool
) -> list[ClauseText]:
    """``line`` with ``wording`` behind the clause ``after``, else at an end of its own part."""
    if wording is None:
        raise OutOfDate(_("This clause is no longer in the charter."))
    part = [old for old in line if old.kind == wording.kind]
    behind = next((place for place, old in enumerate(part) if old.clause_id == after), None)
    if behind is not None:
        part.insert(behind + 1, wording)
    else:
        part.insert(len(part) if at_end else 0, wording)
    parts = {kind: [old for old in line if old.kind == kind] for kind in ClauseKind.values}
    parts[wording.kind] = part
    return [old for kind in ClauseKind.values for old in parts[kind]]


def put_in_place(version: CharterVersion, wordings: Iterable[ClauseText]) -> None:
    """Let ``version`` hold ``wordings`` in this order."""
    ClausePlace.objects.bulk_create(
        ClausePlace(
            version=version,
            clause_id=wording.clause_id,
            wording=wording,
            order=order,
            is_example=version.is_example,
        )
        for order, wording in enumerate(wordings, start=1)
    )


# --- Drafts -------------------------------------------------------------------------------


def start_draft(
    *, charter: Charter, kind: str, clause: Clause | None, once_key: UUID, by: User, now: datetime
) -> Draft:
    """The draft that ``by`` begins on a page with the random ``once_key``;
    the same key, the same draft.

    Errors: ``OutOfDate`` when the clause is not in the charter now; ``PermissionDenied`` when the
    key is another person's.
    """
    with transaction.atomic():
        member = membership(charter=charter, by=by, now=now)
        version = CharterVersion.objects.filter(charter=charter).first()
        place = clause and ClausePlace.objects.filter(version=version, clause=clause).first()
        if version is None or (clause and place is None):
            raise OutOfDate(_("This clause is no longer in the charter."))
        draft, made = Draft.objects.get_or_create(
            once_key=once_key,
            defaults={
                "charter": charter,
                "author": member,
                "kind": kind,
                "based_on": version,
                "clause": clause,
                "replaces": place.wording if place else None,
                "is_example": by.is_example,
            },
        )
        if not made and draft.author_id != member.pk:
            raise PermissionDenied
    return draft


def save_draft(
    *,
    draft: Draft,
    words: Mapping[str, Any],
    seen: int,
    page: UUID,
    by: User,
    now: datetime,
    automatic: bool = False,
) -> DraftRevision:
    """Save ``words`` as the next version of ``draft``, or keep them beside it.

    ``seen`` is the version that the writer had before them, ``page`` the random key of the page
    in which they write. When somebody else saved meanwhile, nothing of theirs is touched: the
    words are kept as a revision with outcome ``BESIDE``, for the writer to choose or merge.
    A page's own automatic saving, still under way when its button is pressed, is no somebody
    else. Errors: ``OutOfDate`` when the draft was sent or put away.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if not locked.is_open:
            raise OutOfDate(_("This draft has been sent or put away. It cannot be changed now."))
        plain = {name: str(words.get(name) or "") for name in WORDS}
        after = words.get("after")
        entry = {**plain, "after": after.pk if after else None}
        revision = _follows(locked, seen, page, automatic) and _advance(
            locked, entry, page, by, now
        )
        if not revision:
            revision, _made = DraftRevision.objects.update_or_create(
                draft=locked,
                page=page,
                outcome=Outcome.BESIDE,
                defaults={
                    "number": seen,
                    "saved_by": by,
                    "saved_at": now,
                    "words": entry,
                },
            )
    return revision


def _follows(draft: Draft, seen: int, page: UUID, automatic: bool) -> bool:
    if draft.version == seen:
        return True
    since = draft.revisions.filter(outcome=Outcome.SAVED, number__gt=seen)
    return not automatic and seen < draft.version and not since.exclude(page=page).exists()


def _advance(
    draft: Draft, entry: dict[str, Any], page: UUID, by: User, now: datetime
) -> DraftRevision:
    last = draft.revisions.filter(outcome=Outcome.SAVED, number=draft.version).first()
    if last is not None and last.words == entry:
        return last
    for name in WORDS:
        setattr(draft, name, entry[name])
    draft.after_id = entry["after"]
    draft.version += 1
    draft.save()
    return DraftRevision.objects.create(
        draft=draft,
        number=draft.version,
        page=page,
        saved_by=by,
        saved_at=now,
        words=entry,
        is_example=draft.is_example,
    )


def settle(
    *, revision: DraftRevision, words: Mapping[str, Any] | None, save: Mapping[str, Any]
) -> DraftRevision | None:
    """Settle words that were kept beside: save ``words`` over the draft, or leave it (``None``).

    ``save`` are the further arguments of ``save_draft``. Returns the new revision, or ``None``
    when the draft was left as it is. The words kept beside stay to be read.
    """
    with transaction.atomic():
        saved = None
        if words is not None:
            saved = save_draft(draft=revision.draft, words=words, **save)
        revision.outcome = Outcome.SETTLED
        revision.save(update_fields=["outcome", "updated_at"])
    return saved


def share_draft(*, draft: Draft, shared: bool, by: User, now: datetime) -> Draft:
    """Let the other members help with the words, or no longer."""
    return _mark(draft, {"is_shared": shared}, by, now)


def put_away(*, draft: Draft, by: User, now: datetime) -> Draft:
    """Take a draft off the desk. It can be taken out again."""
    return _mark(draft, {"put_away_at": now}, by, now)


def take_out(*, draft: Draft, by: User, now: datetime) -> Draft:
    """Put a draft back on the desk."""
    return _mark(draft, {"put_away_at": None}, by, now)


def begin_from_now(*, draft: Draft, by: User, now: datetime) -> Draft:
    """Take the clause as it stands today for what the draft changes; its own words stay."""
    version = CharterVersion.objects.filter(charter=draft.charter).first()
    place = ClausePlace.objects.filter(version=version, clause_id=draft.clause_id).first()
    if place is None:
        raise OutOfDate(_("This clause is no longer in the charter."))
    return _mark(draft, {"based_on": version, "replaces": place.wording}, by, now)


def _mark(draft: Draft, fields: dict[str, Any], by: User, now: datetime) -> Draft:
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.proposal_id:
            raise OutOfDate(_("This draft has been sent to the group."))
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=[*fields, "updated_at"])
        audit.record(action=AuditAction.CHANGED, obj=locked, by=by, now=now)
    return locked


def send_draft(*, draft: Draft, seen: int, by: User, now: datetime) -> Proposal:
    """Put the draft to the group as a proposal, and tell and ask every member.

    Sending twice gives the same proposal. Errors: ``OutOfDate`` when somebody changed the draft
    after ``seen``, or when words are still missing.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.proposal:
            return locked.proposal
        if locked.version != seen or locked.put_away_at:
            raise OutOfDate(_("The draft has changed since you looked at it. Read it again."))
        if not locked.reason or (locked.has_words and not (locked.new_heading and locked.new_text)):
            raise OutOfDate(_("Something is missing: the words, or why you suggest this."))
        proposal = _proposal_from(locked, now)
        locked.proposal = proposal
        locked.save(update_fields=["proposal", "updated_at"])
        audit.record(action=AuditAction.CREATED, obj=proposal, by=by, now=now)
        ask_members(proposal=proposal, now=now)
    return proposal


def _proposal_from(draft: Draft, now: datetime) -> Proposal:
    same = ("kind", "based_on", "clause", "replaces", "after", "reason")
    words = ("new_kind", "new_heading", "new_text") if draft.has_words else ()
    return Proposal.objects.create(
        charter=draft.charter,
        proposed_by=draft.author,
        opened_at=now,
        closes_on=timezone.localdate(now) + timedelta(days=draft.charter.open_days),
        is_example=draft.is_example,
        **{name: getattr(draft, name) for name in (*same, *words)},
    )


def ask_members(*, proposal: Proposal, now: datetime) -> None:
    """Ask every present member for a position, and tell all but the proposer."""
    members = present_members(proposal.charter)
    Ask.objects.bulk_create(
        (Ask(proposal=proposal, member=m, is_example=proposal.is_example) for m in members),
        ignore_conflicts=True,
    )
    context = {"path": proposal.get_absolute_url()}
    for member in members:
        if member.person and member.pk != proposal.proposed_by_id:
            queue(
                kind=PROPOSAL_OPENED, to=member.person, about=proposal, now=now, context={**context}
            )


# --- Positions, comments, agreements ------------------------------------------------------


def take_position(
    *, proposal: Proposal, stance: str, reason: str, is_private: bool, by: User, now: datetime
) -> Position:
    """Take or change one's position. What one thought before is kept.

    Errors: ``OutOfDate`` when the proposal is closed.
    """
    words = {"stance": Stance(stance), "reason": reason.strip(), "is_private": is_private}
    with transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if not locked.is_open:
            raise OutOfDate(_("This proposal is closed. Positions can no longer be taken."))
        member = membership(charter=locked.charter, by=by, now=now)
        position, made = Position.objects.get_or_create(
            proposal=locked, member=member, defaults={**words, "taken_at": now}
        )
        before = {name: getattr(position, name) for name in words}
        if not made and before != words:
            PastPosition.objects.create(position=position, taken_at=position.taken_at, **before)
            for name, value in {**words, "taken_at": now}.items():
                setattr(position, name, value)
            position.save()
        if made or before != words:
            action = AuditAction.CREATED if made else AuditAction.CHANGED
            audit.record(action=action, obj=position, by=by, now=now)
    return position


def say(*, proposal: Proposal, text: str, once_key: UUID, by: User, now: datetime) -> Comment:
    """Say something about a proposal, once for each ``once_key``."""
    with transaction.atomic():
        comment, made = Comment.objects.get_or_create(
            once_key=once_key,
            defaults={"proposal": proposal, "said_by": by, "said_at": now, "text": text.strip()},
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=comment, by=by, now=now)
    return comment


def agree(*, charter: Charter, wordings: Iterable[int], by: User, now: datetime) -> int:
    """Agree with these wordings (ids) of the charter; returns how many were not agreed before.

    Errors: ``OutOfDate`` when one of them is no longer in the charter: its words changed.
    """
    wanted = set(wordings)
    with transaction.atomic():
        version = CharterVersion.objects.filter(charter=charter).first()
        there = ClausePlace.objects.filter(version=version, wording_id__in=wanted)
        if there.count() != len(wanted):
            raise OutOfDate(
                _("The words of this clause have changed. Read the new ones, then agree.")
            )
        member = membership(charter=charter, by=by, now=now)
        made = 0
        for wording_id in sorted(wanted):
            agreement, new = Agreement.objects.get_or_create(
                wording_id=wording_id,
                member=member,
                taken_back_at=None,
                defaults={"agreed_at": now},
            )
            if new:
                audit.record(action=AuditAction.CREATED, obj=agreement, by=by, now=now)
                made += 1
    return made


def take_back(*, charter: Charter, wording: int, by: User, now: datetime) -> None:
    """Agree no longer with a wording. Taking back twice changes nothing."""
    with transaction.atomic():
        agreement = (
            Agreement.objects.select_for_update()
            .filter(wording_id=wording, wording__clause__charter=charter)
            .filter(member__person=by, taken_back_at__isnull=True)
            .first()
        )
        if agreement:
            agreement.taken_back_at = now
            agreement.save(update_fields=["taken_back_at", "updated_at"])
            audit.record(action=AuditAction.CHANGED, obj=agreement, by=by, now=now)


def change_rule(*, charter: Charter, fields: Mapping[str, Any], by: User, now: datetime) -> Charter:
    """Change how the group decides. The old and new rule are in the audit trail."""
    names = ["closing_rule", "quorum_percent", "open_days"]
    with transaction.atomic():
        locked = Charter.objects.select_for_update().get(pk=charter.pk)
        before = audit.snapshot(locked, names)
        for name in names:
            setattr(locked, name, fields[name])
        locked.save()
        changes = audit.changed(before, audit.snapshot(locked, names))
        if changes:
            audit.record(action=AuditAction.CHANGED, obj=locked, by=by, now=now, changes=changes)
    return locked
