"""The states of a survey: draft, open, closed."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Step, state_table, transition

from .enums import SurveyState
from .models import Survey

TABLE = state_table(
    Step(
        name="open",
        sources=frozenset({SurveyState.DRAFT}),
        target=SurveyState.OPEN,
        label=_("Open the survey"),
        permission="surveys.manage_survey",
        repeatable=True,
    ),
    Step(
        name="close",
        sources=frozenset({SurveyState.OPEN}),
        target=SurveyState.CLOSED,
        label=_("Close the survey"),
        permission="surveys.manage_survey",
        repeatable=True,
    ),
    Step(
        name="close_on_time",
        sources=frozenset({SurveyState.OPEN}),
        target=SurveyState.CLOSED,
        label=_("Close the survey at its closing time"),
        permission=None,
        repeatable=True,
    ),
    Step(
        name="reopen",
        sources=frozenset({SurveyState.CLOSED}),
        target=SurveyState.OPEN,
        label=_("Open the survey again"),
        permission="surveys.manage_survey",
        needs_reason=True,
        repeatable=True,
    ),
)


def open_survey(*, obj: Survey, by: Any, now: datetime, reason: str = "") -> Survey:
    """Let people answer, from ``opens_on`` on until ``closes_at``. Errors: as ``transition``."""
    return transition(obj=obj, step=TABLE["open"], by=by, now=now, reason=reason)


def close_survey(*, obj: Survey, by: Any, now: datetime, reason: str = "") -> Survey:
    """Take no more answers. Errors: as ``transition``."""
    return transition(obj=obj, step=TABLE["close"], by=by, now=now, reason=reason)


def close_on_time(*, obj: Survey, by: Any, now: datetime, reason: str = "") -> Survey:
    """Close a survey whose closing moment has come; the portal does it by itself."""
    return transition(obj=obj, step=TABLE["close_on_time"], by=by, now=now, reason=reason)


def reopen_survey(*, obj: Survey, by: Any, now: datetime, reason: str = "") -> Survey:
    """Take answers again until ``closes_at``. Errors: as ``transition``."""
    return transition(obj=obj, step=TABLE["reopen"], by=by, now=now, reason=reason)


STEPS = {"open": open_survey, "close": close_survey, "reopen": reopen_survey}
