"""Charters, members and proposals for tests."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.enums import RoleKind
from coproduction import services
from coproduction.enums import ClauseKind, ProposalKind
from coproduction.models import (
    Charter,
    CharterVersion,
    Clause,
    ClauseText,
    Draft,
    Proposal,
)
from meetings.enums import GroupKind
from tests.accounts.factories import person_with
from tests.meetings.factories import GroupFactory, MemberFactory

MOMENT = datetime(2022, 7, 26, 14, 0, tzinfo=ZoneInfo("Europe/London"))
CLAUSES = [
    (ClauseKind.KNOWN, "Three meetings", "We need to have 3 meetings this year."),
    (ClauseKind.KNOWN, "Annual report", "We write a report for the Leadership Team."),
    (ClauseKind.UNKNOWN, "Topics", "Which topics are we going to discuss?"),
    (ClauseKind.SUGGESTION, "Online", "Here we collect practical tips."),
]


class CharterFactory(DjangoModelFactory):
    class Meta:
        model = Charter

    group = factory.SubFactory(
        GroupFactory, kind=GroupKind.ADVISORY, name=factory.Sequence(lambda n: f"Advisory {n}")
    )
    title = factory.Sequence(lambda n: f"Charter {n}")


def charter_with_clauses(**fields) -> Charter:
    """A charter in version 1 with two knowns, one unknown and one suggestion."""
    charter = CharterFactory(**fields)
    version = CharterVersion.objects.create(charter=charter, number=1, published_at=MOMENT)
    wordings = [
        ClauseText.objects.create(
            clause=Clause.objects.create(charter=charter),
            first_version=version,
            kind=kind,
            heading=heading,
            text=text,
        )
        for kind, heading, text in CLAUSES
    ]
    services.put_in_place(version, wordings)
    return charter


def member_of(charter: Charter, **person):
    """A person with the role and the membership."""
    user = person_with(RoleKind.ADVISORY_MEMBER, charter.group, **person)
    MemberFactory(group=charter.group, person=user, name=user.preferred_name)
    return user


def wording(charter: Charter, heading: str) -> ClauseText:
    """The newest words of the clause with this heading."""
    return ClauseText.objects.filter(clause__charter=charter, heading=heading).latest("id")


def proposal_by(user, charter: Charter, heading: str = "Three meetings", **fields) -> Proposal:
    """An open proposal to change the clause ``heading``."""
    replaces = wording(charter, heading)
    return Proposal.objects.create(
        **{
            "charter": charter,
            "kind": ProposalKind.CHANGE,
            "based_on": charter.versions.order_by("-number").first(),
            "clause": replaces.clause,
            "replaces": replaces,
            "new_kind": replaces.kind,
            "new_heading": replaces.heading,
            "new_text": "We need to have 4 meetings this year.",
            "reason": "Three are too few.",
            "proposed_by": user.memberships.get(group=charter.group),
            "opened_at": MOMENT,
            "closes_on": date(2022, 8, 9),
            **fields,
        }
    )


def draft_by(user, charter: Charter, heading: str = "Three meetings", **fields) -> Draft:
    """A draft to change the clause ``heading``, saved once."""
    draft = services.start_draft(
        charter=charter,
        kind=ProposalKind.CHANGE,
        clause=wording(charter, heading).clause,
        once_key=uuid4(),
        by=user,
        now=MOMENT,
    )
    words = {
        "new_kind": ClauseKind.KNOWN,
        "new_heading": heading,
        "new_text": "We need to have 4 meetings this year.",
        "reason": "Three are too few.",
    }
    services.save_draft(draft=draft, words=words, seen=0, page=uuid4(), by=user, now=MOMENT)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(fields)) if fields else None
    draft.refresh_from_db()
    return draft
