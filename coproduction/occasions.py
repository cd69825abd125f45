"""What the calendar of a person shows of the charter. One query."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.occasions import Occasion

from .models import Proposal


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """The days by which positions on suggestions for the charter are wanted."""
    found = Proposal.objects.visible_to(user).open()
    found = found.filter(closes_on__gte=first, closes_on__lte=last).select_related("replaces")
    for proposal in found.order_by("closes_on", "id"):
        yield Occasion(
            key=f"coproduction.proposal:{proposal.pk}",
            kind="position",
            kind_label=_("Charter"),
            title=_("Positions wanted: %(title)s") % {"title": proposal.title},
            url=proposal.get_absolute_url(),
            starts=proposal.closes_on,
            changed_at=proposal.updated_at,
        )
