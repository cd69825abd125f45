"""What organisations do with us in calls: they send in expressions of interest."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import sees_programme
from core.links import addresses
from partners.history import HistoryLine, HistoryProvider
from partners.models import Organisation

from .enums import ExpressionState
from .models import Expression
from .querysets import ExpressionQuerySet

TWICE_IN_A_CALL = gettext_lazy(
    "Both have an expression of interest in the same call. Withdraw one of the two first."
)


def _visible(user: Any) -> ExpressionQuerySet:
    """Without those that a conflict of interest hides; an assessor learns nothing of others."""
    found: ExpressionQuerySet = Expression.objects.visible_to(user)
    if not sees_programme(user):
        found = Expression.objects.of_contact(user)
    return found


def lines(organisation: Organisation, user: Any) -> list[HistoryLine]:
    """Its expressions of interest as ``user`` may see them. One query and what visibility asks.

    Contacts are told the state as their own pages tell it, before decisions go out.
    """
    is_staff = sees_programme(user)
    page = addresses("expressions:staff-page" if is_staff else "expressions:tasks")
    found = _visible(user).filter(organisation=organisation).select_related("call")
    return [
        HistoryLine(
            on=one.submitted_at or one.listed_at,
            text=_("Expression of interest in “%(call)s”") % {"call": one.call.title},
            url=page(one.pk),
            detail=", ".join(
                filter(
                    None,
                    [one.reference, str(one.get_state_display()) if is_staff else one.own_state],
                )
            ),
        )
        for one in found.order_by("-id")[:100]
    ]


def organisations(user: Any) -> QuerySet:
    """Those that sent one in, as far as ``user`` may see it."""
    return _visible(user).exclude(state=ExpressionState.DRAFT).values("organisation")


APPLIED = HistoryProvider(
    name=gettext_lazy("Has sent in an expression of interest"),
    lines=lines,
    organisations=organisations,
)
