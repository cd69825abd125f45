"""When surveys close, in a person's calendar."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import sees_programme
from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind

from .enums import SurveyState
from .models import Survey


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """Open surveys: all for those who see the programme, else those that anybody may answer.

    One query.
    """
    reads_results = sees_programme(user)
    surveys = Survey.objects.all() if reads_results else Survey.objects.public(timezone.now())
    closing = surveys.filter(state=SurveyState.OPEN, closes_at__date__range=(first, last)).order_by(
        "closes_at", "id"
    )
    page = "surveys:results" if reads_results else "surveys:start"
    return [
        CalendarEntry(
            kind=CalendarKind.SURVEY,
            key=f"survey-{survey.pk}",
            title=_("Closes: %(survey)s") % {"survey": survey.title},
            start=survey.closes_at,
            url=reverse(page, args=[survey.slug]),
            changed_at=survey.updated_at,
        )
        for survey in closing[:MOST]
    ]
