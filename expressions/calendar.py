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

from .enums import CallState
from .models import Call

OVER = [CallState.DECIDING, CallState.DECIDED, CallState.ARCHIVED]


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """Calls that ``user`` may know of: opening and closing; for assessors also when scores are
    wanted. One query."""
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
    return found


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
