"""What the calendar of a person shows of guides. One query, for staff."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import is_staff_member
from core.occasions import Occasion

from .models import Guide


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """The days on which guides are to be looked at again."""
    if not is_staff_member(user):
        return
    found = Guide.objects.visible_to(user).filter(review_on__gte=first, review_on__lte=last)
    for guide in found.order_by("review_on", "id"):
        yield Occasion(
            key=f"guides.guide:{guide.pk}",
            kind="guide",
            kind_label=_("Guide"),
            title=_("Look at the guide “%(guide)s” again") % {"guide": guide.title},
            url=reverse("guides:feedback", args=[guide.slug]),
            starts=guide.review_on,
            changed_at=guide.updated_at,
        )
