"""What the calendar of a person shows of surveys. One query, for those who see results."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.occasions import Occasion

from .enums import SurveyState
from .models import Survey


def occasions(user: Any, first: date, last: date) -> Iterator[Occasion]:
    """When surveys close."""
    found = Survey.objects.visible_to(user).exclude(state=SurveyState.DRAFT)
    found = found.filter(closes_at__date__gte=first, closes_at__date__lte=last)
    for survey in found.order_by("closes_at", "id"):
        yield Occasion(
            key=f"surveys.survey:{survey.pk}",
            kind="survey",
            kind_label=_("Survey"),
            title=_("%(survey)s closes") % {"survey": survey.title},
            url=reverse("surveys:results", args=[survey.slug]),
            starts=survey.closes_at,
            changed_at=survey.updated_at,
        )
