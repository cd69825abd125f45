"""What the calendar of a person shows of calls. One query each for calls and roles' scores."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import scope_ids, sees_programme
from core.occasions import Occasion
from partners.rules import is_partner_contact

from .enums import CallState
from .models import Call


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """When calls open, close and want their scores: for staff, for those who may write an
    expression and for assessors of the call."""
    assessed = scope_ids(user, {RoleKind.ASSESSOR}, Call)
    everything = sees_programme(user)
    if not (everything or assessed or is_partner_contact(user)):
        return
    between = Q()
    for name in ("opens_at__date", "closes_at__date", "assess_by"):
        between |= Q(**{f"{name}__gte": first, f"{name}__lte": last})
    for call in Call.objects.visible_to(user).filter(between).order_by("closes_at", "id"):
        for one in _of_call(call, everything, call.pk in assessed):
            if first <= one.day <= last:
                yield one


def _of_call(call: Call, everything: bool, assesses: bool) -> Iterator[Occasion]:
    page = reverse("expressions:staff-call", args=[call.slug]) if everything else None
    lines = [
        ("opens", _("%(call)s opens") % {"call": call.title}, call.opens_at, page),
        ("closes", _("%(call)s closes") % {"call": call.title}, call.closes_at, page),
    ]
    if call.assess_by and (everything or assesses):
        queue = reverse("expressions:assessing-call", args=[call.slug]) if assesses else page
        words = _("Scores wanted: %(call)s") % {"call": call.title}
        lines.append(("assess", words, call.assess_by, queue))
    for what, title, when, url in lines:
        if when and (what == "assess" or everything or call.state != CallState.DRAFT):
            yield Occasion(
                key=f"expressions.call.{what}:{call.pk}",
                kind="call",
                kind_label=_("Call"),
                title=title,
                url=url or call.get_absolute_url(),
                starts=when,
                changed_at=call.updated_at,
            )
