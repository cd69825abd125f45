"""A small example round whose letters have gone out: an offer that waits for its answer, a reserve,
one that was declined and one that did not fit."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import RoleKind
from core.enums import Nation
from expressions import letters
from expressions.enums import CallState, LetterKind
from expressions.models import Call, Decision, Expression, Letter
from expressions.selectors.deciding import wording_of
from partners.enums import OrganisationKind
from partners.models import Contact, Organisation
from projects.enums import DeliveryModel

from .frame import Programme

SLUG = "hosting-a-network-the-first-round"
# What each was told, in the order of the kinds of letters.
FEEDBACK = {
    LetterKind.OFFERED: "You showed clearly who would take part, and why it matters to them.",
    LetterKind.RESERVE: "A strong idea. We wanted to know more about who would lead it.",
    LetterKind.DECLINED: "Say next time how people who draw on care and support would take part.",
    LetterKind.INELIGIBLE: "This round was for local networks, and you asked for a Demonstrator.",
}


def load(programme: Programme) -> None:
    """Load the round; one that is there already is left as it is."""
    if Call.objects.filter(slug=SLUG).exists():
        return
    now = programme.now
    call = programme.put(
        Call,
        {"slug": SLUG},
        title="Hosting a network: the first round",
        year=timezone.localdate(now).year,
        summary="Host a local network for six months.",
        state=CallState.DECIDED,
        opens_at=now - timedelta(days=200),
        closes_at=now - timedelta(days=150),
        delivery_models=[DeliveryModel.NETWORK],
        nations=list(Nation),
        last_number=len(FEEDBACK),
        is_example=True,
    )
    for number, (kind, nation) in enumerate(zip(LetterKind, Nation, strict=True), start=1):
        _told(programme, call, kind, nation, number)


def _told(programme: Programme, call: Call, kind: LetterKind, nation: Nation, number: int) -> None:
    """One expression of interest, what was decided about it, and its letter."""
    at = programme.now - timedelta(days=6)
    expression = programme.put(
        Expression,
        {"call": call, "organisation": _organisation(programme, kind, nation)},
        state=kind.value,
        reference=f"EOI-N1-{number:04}",
        delivery_model=DeliveryModel.NETWORK,
        submitted_at=call.closes_at - timedelta(days=number),
        listed_at=call.closes_at - timedelta(days=number),
        told_at=at,
        is_example=True,
    )
    manager = programme.person("programme.manager", "Programme manager")
    kept: dict[str, Any] = {"by": manager, "at": at, "is_example": True}
    Decision.objects.create(
        expression=expression, reason="The panel agreed.", feedback=FEEDBACK[kind], **kept
    )
    day = timezone.localdate(programme.now) + timedelta(days=12)
    answer_by = day if kind == LetterKind.OFFERED else None
    words = letters.written(
        wording_of(call, kind), expression, feedback=FEEDBACK[kind], answer_by=answer_by
    )
    Letter.objects.create(
        expression=expression,
        outcome=kind,
        feedback=FEEDBACK[kind],
        answer_by=answer_by,
        sent_to=int(kind == LetterKind.OFFERED),
        **kept,
        **words,
    )


def _organisation(programme: Programme, kind: LetterKind, nation: Nation) -> Organisation:
    """An example organisation; somebody speaks for the one that is offered a place."""
    organisation = programme.put(
        Organisation,
        {"name": f"Neighbours together, {nation.label} (example)"},
        kind=OrganisationKind.COMMUNITY,
        nation=nation,
        is_example=True,
    )
    if kind == LetterKind.OFFERED:
        person = programme.person("partner.offered", "Partner with an offer")
        programme.role(person, RoleKind.PARTNER_CONTACT, organisation)
        contact = {"organisation": organisation, "person": person}
        programme.put(Contact, contact, job_title="Coordinator", is_example=True)
    return organisation
