"""A call whose expressions have been scored and are being decided."""

from datetime import timedelta

from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from expressions.enums import CallState, ConflictState, LetterKind
from expressions.models import Conflict, Decision
from expressions.selectors import deciding as selectors
from expressions.services import deciding
from tests.accounts.factories import person_with
from tests.expressions.assessing import assessor_of, reading_call, scored
from tests.expressions.factories import SubmittedFactory
from tests.partners.factories import OrganisationFactory, contact_of


def deciding_call(**fields):
    return reading_call(**{"state": CallState.DECIDING, **fields})


def assessed(call, *points, state="assessed", **fields):
    """An assessed expression with one finished assessment for each of ``points``."""
    one = SubmittedFactory(call=call, state=state, **fields)
    for number in points:
        scored(one, assessor_of(call), number, number)
    return one


def with_writer(call, *points, **fields):
    """An assessed expression, and the person who speaks for its organisation."""
    organisation = OrganisationFactory()
    writer = contact_of(organisation)
    return assessed(call, *points, organisation=organisation, **fields), writer


def manager_of_programme(**fields):
    return person_with(RoleKind.PROGRAMME_MANAGER, **fields)


def decide(expression, outcome, by, *, reason="It fits.", feedback="Well told."):
    expression.refresh_from_db()
    standing = Decision.objects.filter(expression=expression).first()
    return deciding.decide(
        obj=expression,
        outcome=outcome,
        reason=reason,
        feedback=feedback,
        seen=selectors.decision_version(expression, standing),
        by=fresh(by),
        now=timezone.now(),
    )


def fresh(person):
    """The person without what they were remembered to be allowed."""
    return User.objects.get(pk=person.pk)


def give_day(call, by, days=14):
    """Say until when offers are to be answered."""
    wording = selectors.wording_of(call, LetterKind.OFFERED)
    values = {
        "subject": wording.subject,
        "body": wording.body,
        "answer_by": timezone.localdate() + timedelta(days=days),
    }
    return deciding.save_wording(
        call=call,
        kind=LetterKind.OFFERED,
        values=values,
        seen=selectors.wording_version(wording),
        by=by,
        now=timezone.now(),
    )


def release(call, by, now=None, **how):
    return deciding.release(
        call=call,
        without_feedback=how.get("without_feedback", False),
        by=fresh(by),
        now=now or timezone.now(),
    )


def conflict(expression, person):
    return Conflict.objects.create(
        expression=expression,
        person=person,
        state=ConflictState.DECLARED,
        decided_at=timezone.now(),
        reason="My brother works there.",
    )
