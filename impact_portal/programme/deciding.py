"""Two more example rounds: one that is being decided, whose letters are held, and one whose offer
was accepted by telephone and became a project, with its answers carried over."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from core.enums import Nation
from expressions import letters
from expressions.enums import AssessmentState, CallState, LetterKind, QuestionKind
from expressions.models import (
    Answer,
    Assessment,
    Call,
    CarriedOver,
    Criterion,
    Decision,
    Expression,
    Letter,
    LetterTemplate,
    Question,
    Score,
    Section,
)
from expressions.selectors import deciding as selectors
from expressions.selectors.offers import free_places
from expressions.services import converting, deciding, offers
from partners.enums import OrganisationKind
from partners.models import Organisation
from projects.enums import DeliveryModel

from .frame import Programme

HELD = "facilitators-in-local-places"
ACCEPTED = "a-guide-with-its-readers"
CRITERIA = ("Makes a real difference", "People who draw on care and support take part")
# Organisation, nation, points of two assessors for each criterion, and what is decided, why, and
# what the organisation is told; nothing where it is still to be decided.
ROWS: tuple[tuple[str, Nation, tuple[int, ...], str, str, str], ...] = (
    ("Open door carers", Nation.WALES, (5, 4, 4, 4), "offered",
     "The strongest for unpaid carers, and it keeps the place for Wales.",
     "You showed who would do the work and how carers would lead it."),
    ("Harbour support", Nation.SCOTLAND, (4, 5, 4, 4), "offered",
     "Both assessors agree. A small group that is new to this.",
     "Your plan for the first three months was clear and honest."),
    ("Linen Street neighbours", Nation.NORTHERN_IRELAND, (4, 3, 3, 4), "reserve",
     "Just below the second place.",
     "We liked the idea. Say more about who would look after the post."),
    ("Fenside home care", Nation.ENGLAND, (2, 2, 3, 1), "declined",
     "People who draw on care and support have no part in it yet.",
     "Say next time how people who draw on care and support would shape the work."),
    ("Mill Lane together", Nation.ENGLAND, (3, 4, 3, 2), "", "", ""),
)  # fmt: skip
ANSWERS = (
    ("why", "Why does this matter where you are?",
     "Forty people here arrange their own support. They ask us each week what they may pay for."),
    ("who", "Who would take part?",
     "A group of eight people who employ personal assistants, and two advisers of the council."),
)  # fmt: skip


def load(programme: Programme) -> None:
    """Load both rounds; one that is there already is left as it is."""
    manager = User.objects.get(email="programme.manager@example.org")
    if not Call.objects.filter(slug=HELD).exists():
        _held(programme, manager)
    if not Call.objects.filter(slug=ACCEPTED).exists():
        _became_project(programme, manager)


def _call(programme: Programme, slug: str, title: str, model: DeliveryModel, **fields: Any) -> Call:
    now = programme.now
    return programme.put(
        Call,
        {"slug": slug},
        title=title,
        year=timezone.localdate(now).year,
        opens_at=now - timedelta(days=140),
        closes_at=now - timedelta(days=90),
        delivery_models=[model],
        nations=list(Nation),
        is_example=True,
        **fields,
    )


def _expression(
    programme: Programme, call: Call, name: str, nation: Nation, **fields: Any
) -> Expression:
    organisation = programme.put(
        Organisation,
        {"name": f"{name} (example)"},
        kind=OrganisationKind.COMMUNITY,
        nation=nation,
        is_example=True,
    )
    sent = call.closes_at - timedelta(days=3)
    return programme.put(
        Expression,
        {"call": call, "organisation": organisation},
        submitted_at=sent,
        listed_at=sent,
        is_example=True,
        **fields,
    )


# --- Held ---


def _held(programme: Programme, manager: User) -> None:
    """A call that is being decided: all but one are, and no letter has gone out."""
    call = _call(
        programme,
        HELD,
        "Facilitators in local places",
        DeliveryModel.FACILITATOR,
        summary="One post for a year, in your organisation.",
        state=CallState.DECIDING,
        places=2,
        last_number=len(ROWS),
    )
    criteria = [
        programme.put(Criterion, {"call": call, "order": order}, title=title, is_example=True)
        for order, title in enumerate(CRITERIA, start=1)
    ]
    people = [
        programme.person(f"assessor.places.{name}", f"Assessor {name}") for name in ("one", "two")
    ]
    for person in people:
        programme.role(person, RoleKind.ASSESSOR, call)
    for number, (name, nation, points, *decided) in enumerate(ROWS, start=1):
        one = _expression(
            programme,
            call,
            name,
            nation,
            state="assessed",
            reference=f"EOI-F1-{number:04}",
            delivery_model=DeliveryModel.FACILITATOR,
        )
        _scored(programme, one, criteria, people, points)
        _decided(programme, one, manager, decided)
    Decision.objects.filter(expression__call=call).update(is_example=True)
    _word(programme, call)


def _scored(
    programme: Programme,
    expression: Expression,
    criteria: list[Criterion],
    people: list[User],
    points: tuple[int, ...],
) -> None:
    for place, person in enumerate(people):
        row = Assessment.objects.create(
            expression=expression,
            assessor=person,
            state=AssessmentState.DONE,
            version=1,
            assigned_at=programme.now - timedelta(days=60),
            done_at=programme.now - timedelta(days=20),
            is_example=True,
        )
        for criterion, given in zip(criteria, points[place * 2 : place * 2 + 2], strict=True):
            Score.objects.create(
                assessment=row,
                criterion=criterion,
                points=given,
                reason="From what they wrote.",
                is_example=True,
            )


def _decided(programme: Programme, one: Expression, by: User, decided: list[str]) -> None:
    outcome, reason, feedback = decided
    if outcome:
        deciding.decide(
            obj=one,
            outcome=outcome,
            reason=reason,
            feedback=feedback,
            seen=selectors.decision_version(one, None),
            by=by,
            now=programme.now,
        )


def _word(programme: Programme, call: Call) -> None:
    """The wording of the offer, with its last day."""
    wording = selectors.wording_of(call, LetterKind.OFFERED)
    names = ("subject", "body", "subject_cy", "body_cy")
    programme.put(
        LetterTemplate,
        {"call": call, "outcome": LetterKind.OFFERED},
        answer_by=timezone.localdate(programme.now) + timedelta(days=42),
        is_example=True,
        **{name: getattr(wording, name) for name in names},
    )


# --- Accepted, and a project ---


def _became_project(programme: Programme, manager: User) -> None:
    """A decided call with one offer: accepted by telephone, then made a project."""
    call = _call(
        programme,
        ACCEPTED,
        "A guide with its readers",
        DeliveryModel.GUIDE,
        summary="Write a guide together with those who will use it.",
        state=CallState.DECIDED,
        places=1,
        last_number=1,
    )
    at = programme.now - timedelta(days=25)
    one = _expression(
        programme,
        call,
        "Personal assistants together",
        Nation.ENGLAND,
        state="offered",
        reference="EOI-G1-0001",
        told_at=at,
    )
    _answered(programme, one)
    _offered(programme, one, manager)
    offers.record_acceptance(
        obj=one,
        how="By telephone",
        who="the coordinator of the group",
        note="They could not sign in that week.",
        seen=str(free_places(call, programme.now)),
        by=manager,
        now=programme.now - timedelta(days=14),
    )
    converting.make_project(obj=one, by=manager, now=programme.now - timedelta(days=13))
    CarriedOver.objects.filter(expression=one).update(is_example=True)


def _answered(programme: Programme, one: Expression) -> None:
    section = programme.put(
        Section, {"call": one.call, "order": 1}, title="Your idea", is_example=True
    )
    for order, (key, words, answer) in enumerate(ANSWERS, start=1):
        question = programme.put(
            Question,
            {"section": section, "key": key},
            order=order,
            kind=QuestionKind.LONG,
            text=words,
            is_example=True,
        )
        programme.put(
            Answer,
            {"expression": one, "question": question},
            value=answer,
            saved_at=one.submitted_at,
            is_example=True,
        )


def _offered(programme: Programme, one: Expression, manager: User) -> None:
    """The decision, and the letter that went out."""
    feedback = "Your group knows what its readers ask. That is what a guide needs."
    day = timezone.localdate(programme.now) - timedelta(days=15)
    kept: dict[str, Any] = {"by": manager, "at": one.told_at, "is_example": True}
    Decision.objects.create(expression=one, reason="The panel agreed.", feedback=feedback, **kept)
    wording = selectors.wording_of(one.call, LetterKind.OFFERED)
    Letter.objects.create(
        expression=one,
        outcome=LetterKind.OFFERED,
        feedback=feedback,
        answer_by=day,
        sent_to=0,
        **kept,
        **letters.written(wording, one, feedback=feedback, answer_by=day),
    )
