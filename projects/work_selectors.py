"""Reads about the work of a project: its timeline, its risks, and both as files."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.paging import KeysetPage, keyset_page

from .enums import RiskState
from .models import MilestoneSlip, Project, Risk
from .timeline import PlannedMilestone, moved_words, planned


def planned_milestones(project: Project) -> list[PlannedMilestone]:
    """The milestones by stage, with every change of their days. Two queries."""
    return planned(project.milestones.prefetch_related("slips"))


def slip_list(project: Project, cursor: str | None) -> KeysetPage:
    """Every change of a milestone's day, the newest first."""
    slips = MilestoneSlip.objects.filter(milestone__project=project)
    return keyset_page(slips.select_related("milestone", "by"), order=["-at", "-id"], cursor=cursor)


def risk_list(project: Project, state: str, today: date, cursor: str | None) -> KeysetPage:
    """The risks of ``project`` in ``state``, the gravest first."""
    risks = project.risks.filter(state=state).select_related("owner")
    page = keyset_page(risks, order=["-level", "-id"], cursor=cursor)
    for risk in page.rows:
        risk.overdue = risk.is_overdue(today)
    return page


def risks_due(user: Any, today: date, cursor: str | None) -> KeysetPage:
    """The risks that ``user`` should have looked at, the longest overdue first."""
    risks = Risk.objects.to_review_by(user, today).select_related("project")
    return keyset_page(risks, order=["review_on", "id"], cursor=cursor)


def risks_header() -> list[str]:
    """The first line of the risks as a file."""
    return [
        _("What may go wrong"),
        _("How likely (1 to 5)"),
        _("How bad (1 to 5)"),
        _("Level (1 to 25)"),
        _("What we do about it"),
        _("Who looks after it"),
        _("State"),
        _("Last looked at"),
        _("To be looked at again"),
    ]


def risks_rows(project: Project) -> Iterator[list[Any]]:
    """The lines of that file, open ones first and the gravest first among them."""
    order = [RiskState.OPEN, RiskState.CLOSED]
    for state in order:
        risks = project.risks.filter(state=state).select_related("owner")
        for risk in risks.order_by("-level", "-id").iterator(chunk_size=1_000):
            yield [
                risk.description,
                risk.likelihood,
                risk.impact,
                risk.level,
                risk.response,
                str(risk.owner or ""),
                str(risk.get_state_display()),
                risk.reviewed_on,
                risk.review_on,
            ]


def milestones_header() -> list[str]:
    """The first line of the milestones as a file."""
    return [
        _("Stage"),
        _("Milestone"),
        _("Planned first"),
        _("Planned now"),
        _("Done"),
        _("Moved"),
        _("Times moved"),
        _("Why it was moved"),
    ]


def milestones_rows(project: Project) -> Iterator[list[Any]]:
    """The lines of that file, by stage; a milestone's reasons stand in one cell."""
    for one in planned_milestones(project):
        reasons = [
            f"{timezone.localtime(slip.at).date().isoformat()}: {slip.reason}"
            for slip in one.slips
            if slip.reason
        ]
        yield [
            str(one.milestone.get_stage_display()),
            one.milestone.title,
            one.first,
            one.milestone.due_on,
            one.milestone.done_on,
            moved_words(one),
            len(one.slips),
            "; ".join(reasons),
        ]
