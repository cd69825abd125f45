"""When calls open and close, and scores are wanted, in a person's calendar."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import is_programme_team, is_staff_member, scope_ids, sees_programme
from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind
from partners.models import Organisation

from .enums import CallState, ExpressionState, LetterKind
from .models import Call, Expression, Letter

OVER = [CallState.DECIDING, CallState.DECIDED, CallState.ARCHIVED]


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """Calls that ``user`` may know of: opening and closing; for assessors also when scores are
    wanted; for partners until when they can answer an offer. One query, two for partners."""
    assessed = scope_ids(user, {RoleKind.ASSESSOR}, Call)
    within = (first, last)
    dated = (
        Q(opens_at__date__range=within)
        | Q(closes_at__date__range=within)
        | Q(assess_by__range=within)
    )
    calls = Call.objects.visible_to(user).filter(dated).order_by("closes_at", "id")[:MOST]
    found = []
    for call in calls:
        found += [one for one in _instants(user, call) if first <= one.day <= last]
        is_wanted = is_staff_member(user) or call.pk in assessed
        if is_wanted and call.assess_by and first <= call.assess_by <= last:
            found += [_scores(user, call)] if call.state not in OVER else []
    if scope_ids(user, {RoleKind.PARTNER_CONTACT}, Organisation):
        found += _offers(user, first, last)
    return found


def _offers(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """Until when the organisations of ``user`` can answer an offer."""
    letters = Letter.objects.filter(
        outcome=LetterKind.OFFERED,
        answer_by__range=(first, last),
        expression__in=Expression.objects.of_contact(user),
        expression__state=ExpressionState.OFFERED,
        expression__call__state=CallState.DECIDED,
    )
    return [
        CalendarEntry(
            kind=CalendarKind.CALL,
            key=f"offer-{one.pk}",
            title=_("Answer our offer: %(call)s") % {"call": one.expression.call.title},
            whose=one.expression.organisation.name,
            start=one.answer_by,
            url=reverse("expressions:letter", args=[one.expression_id]),
            changed_at=one.updated_at,
        )
        for one in letters.select_related("expression__call", "expression__organisation")[:MOST]
        if one.answer_by
    ]


def _instants(user: Any, call: Call) -> list[CalendarEntry]:
    staff_page = reverse("expressions:staff-call", args=[call.slug])
    named = [
        ("opens", _("Opens: %(call)s"), call.opens_at),
        ("closes", _("Closes: %(call)s"), call.closes_at),
    ]
    return [
        CalendarEntry(
            kind=CalendarKind.CALL,
            key=f"call-{call.pk}-{key}",
            title=words % {"call": call.title},
            start=moment,
            url=staff_page if sees_programme(user) else call.get_absolute_url(),
            changed_at=call.updated_at,
        )
        for key, words, moment in named
        if moment
    ]


def _scores(user: Any, call: Call) -> CalendarEntry:
    if is_programme_team(user):
        url = reverse("expressions:assessment", args=[call.pk])
    elif call.pk in scope_ids(user, {RoleKind.ASSESSOR}, Call):
        url = reverse("expressions:assessing-call", args=[call.slug])
    else:
        url = reverse("expressions:staff-call", args=[call.slug])
    return CalendarEntry(
        kind=CalendarKind.ASSESSMENT,
        key=f"call-{call.pk}-scores",
        title=_("Scores wanted: %(call)s") % {"call": call.title},
        start=call.assess_by,  # type: ignore[arg-type]
        url=url,
        changed_at=call.updated_at,
    )
