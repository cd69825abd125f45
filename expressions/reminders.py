"""When a draft that is not sent in deserves a reminder: a week and two days before closing;
an assessor whose scores are not all in: a week before they are wanted; an offer that nobody
has answered: four days before the last day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import Role
from core.dates import day_over
from notifications.registry import Kind, ReminderRule, register_reminder
from partners.selectors import contact_people_of_each

from . import notifications
from .enums import HIDING, AssessmentState, CallState, ExpressionState, LetterKind
from .models import Assessment, Call, Conflict, Expression, Letter

WEEK = timedelta(days=7)
TWO_DAYS = timedelta(days=2)
THREE_DAYS = timedelta(days=3)
FOUR_DAYS = timedelta(days=4)


def skip_reason(expression: Expression, now: datetime, *, before: timedelta) -> str | None:
    """Why a draft needs no reminder ``before`` its call's closing; ``None`` when it does."""
    closes_at = expression.call.closes_at
    if expression.state != ExpressionState.DRAFT:
        return "not_a_draft"
    if closes_at is None or not expression.call.is_open_at(now):
        return "call_not_open"
    if expression.listed_at > closes_at - before:
        return "begun_since"
    return None


def due_drafts(now: datetime, *, before: timedelta, until: timedelta) -> QuerySet[Expression]:
    """Drafts of open calls that close between ``until`` and ``before`` from ``now``."""
    return (
        Expression.objects.drafts_of_open_calls(now)
        .filter(call__closes_at__lte=now + before, call__closes_at__gt=now + until)
        .select_related("call", "organisation")
        .order_by("pk")
    )


def contacts_of(expressions: Sequence[Expression]) -> list[tuple[Expression, Any]]:
    """Each with everybody who speaks for its organisation: one query."""
    people = contact_people_of_each({one.organisation_id for one in expressions})
    return [(one, person) for one in expressions for person in people.get(one.organisation_id, [])]


def _rule(kind: Kind, before: timedelta, until: timedelta) -> ReminderRule:
    due: Callable[[datetime], QuerySet] = lambda now: due_drafts(  # noqa: E731
        now, before=before, until=until
    )
    return ReminderRule(
        kind=kind,
        due=due,
        recipients=contacts_of,
        skip_reason=lambda expression, now: skip_reason(expression, now, before=before),
        # A call whose closing is moved reminds again.
        period=lambda expression: f"{expression.call.closes_at:%Y%m%d%H%M}",
        context=_context,
        until=lambda expression: expression.call.closes_at,
    )


def _context(expression: Expression, person: Any) -> dict[str, Any]:
    return {
        "expression": expression,
        "call": expression.call,
        "path": reverse("expressions:tasks", args=[expression.pk]),
    }


def still_to_score() -> QuerySet[Assessment]:
    """For a query of roles: what each one's assessor has still to score and may see."""
    hiding = Conflict.objects.filter(
        expression_id=OuterRef("expression_id"),
        person_id=OuterRef("assessor_id"),
        state__in=HIDING,
    )
    return Assessment.objects.filter(
        ~Exists(hiding),
        assessor_id=OuterRef("person_id"),
        expression__call_id=OuterRef("scope_id"),
        state=AssessmentState.ASSIGNED,
    )


def number_to_score(role: Role) -> int:
    """How much of it there is; asked anew where ``role`` comes from elsewhere than the sweep."""
    if not hasattr(role, "to_score"):
        role = _with_number(Role.objects.filter(pk=role.pk)).get()
    number: int = getattr(role, "to_score")  # noqa: B009 - an annotation, which no type knows
    return number


def _with_number(roles: QuerySet[Role]) -> QuerySet[Role]:
    counted = still_to_score().order_by().values("assessor_id").annotate(number=Count("pk"))
    return roles.annotate(to_score=Coalesce(Subquery(counted.values("number")), 0))


def assessment_skip_reason(role: Role, now: datetime) -> str | None:
    """Why an assessor needs no reminder of their scores; ``None`` when they do."""
    call: Any = role.scope
    if call is None or call.state != CallState.ASSESSING or call.assess_by is None:
        return "call_not_assessing"
    if role.ends_on and role.ends_on < timezone.localdate(now):
        return "role_ended"
    if not number_to_score(role):
        return "all_scored"
    return None


def due_assessors(now: datetime) -> QuerySet[Role]:
    """The roles of assessors whose call wants its scores within a week of ``now``, or wanted them
    before, and who have something to score."""
    calls = Call.objects.filter(
        state=CallState.ASSESSING, assess_by__lte=timezone.localdate(now + WEEK)
    )
    assessors = Role.objects.active_on(timezone.localdate(now)).filter(
        Exists(still_to_score()),
        kind=RoleKind.ASSESSOR,
        scope_type=ContentType.objects.get_for_model(Call),
        scope_id__in=calls.values("pk"),
        person__is_active=True,
    )
    return _with_number(assessors).select_related("person").prefetch_related("scope").order_by("pk")


def _assessment_context(role: Role, person: Any) -> dict[str, Any]:
    call: Any = role.scope
    return {
        "call": call,
        "number": number_to_score(role),
        "path": reverse("expressions:assessing-call", args=[call.slug]),
    }


ASSESSMENT_DUE = ReminderRule(
    kind=notifications.ASSESSMENT_DUE,
    due=due_assessors,
    recipients=lambda roles: [(role, role.person) for role in roles],
    skip_reason=assessment_skip_reason,
    # A call whose date is moved reminds again.
    period=lambda role: f"{getattr(role.scope, 'assess_by', None):%Y%m%d}",
    context=_assessment_context,
    until=lambda role: day_over(getattr(role.scope, "assess_by", None)),
)


def offer_of(expression: Expression) -> Letter | None:
    """The letter that offers a place, if one went out."""
    if hasattr(expression, "offers"):  # Read by the sweep for all of them at once.
        return next(iter(expression.offers), None)
    return expression.letters.filter(outcome=LetterKind.OFFERED).first()


def offer_skip_reason(expression: Expression, now: datetime) -> str | None:
    """Why an offer needs no reminder; ``None`` when it waits for an answer that can be given."""
    letter = offer_of(expression)
    if expression.state != ExpressionState.OFFERED or letter is None:
        return "not_offered"
    today = timezone.localdate(now)
    if letter.answer_by is None or letter.answer_by < today:
        return "too_late"
    if letter.at > now - THREE_DAYS:
        return "told_of_late"
    return None


def due_offers(now: datetime) -> QuerySet[Expression]:
    """Offers that are to be answered within four days of ``now``, and are not."""
    letters = Letter.objects.filter(
        outcome=LetterKind.OFFERED,
        answer_by__gte=timezone.localdate(now),
        answer_by__lte=timezone.localdate(now + FOUR_DAYS),
        at__lte=now - THREE_DAYS,
    )
    return (
        Expression.objects.filter(
            state=ExpressionState.OFFERED, pk__in=letters.values("expression_id")
        )
        .select_related("call", "organisation")
        .prefetch_related(
            Prefetch(
                "letters",
                queryset=Letter.objects.filter(outcome=LetterKind.OFFERED),
                to_attr="offers",
            )
        )
        .order_by("pk")
    )


def _offer_context(expression: Expression, person: Any) -> dict[str, Any]:
    return {
        "expression": expression,
        "call": expression.call,
        "letter": offer_of(expression),
        "path": reverse("expressions:letter", args=[expression.pk]),
    }


OFFER_UNANSWERED = ReminderRule(
    kind=notifications.OFFER_UNANSWERED,
    due=due_offers,
    recipients=contacts_of,
    skip_reason=offer_skip_reason,
    # Who is given more time is reminded again.
    period=lambda expression: f"{getattr(offer_of(expression), 'answer_by', None):%Y%m%d}",
    context=_offer_context,
    until=lambda expression: day_over(getattr(offer_of(expression), "answer_by", None)),
)

RULES = (
    _rule(notifications.CLOSING_WEEK, WEEK, TWO_DAYS),
    # Begins where the earlier one ends.
    _rule(notifications.CLOSING_DAYS, TWO_DAYS, timedelta()),
    ASSESSMENT_DUE,
    OFFER_UNANSWERED,
)


def register() -> None:
    """Make the rules known."""
    for rule in RULES:
        register_reminder(rule)
