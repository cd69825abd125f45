"""Milestones, and evidence that is wanted, in a person's calendar."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.rules import is_programme_team, is_staff_member, scope_ids
from core.calendar import MOST, CalendarEntry
from core.enums import CalendarKind
from partners.models import Organisation

from .enums import OPEN_STATES, GapState
from .models import EvidenceGap, GapAsk, Milestone, Project, Risk


def calendar_for(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """What is due in the projects that concern ``user``, and evidence that is asked for.

    All projects for those who run the programme or read the whole of it; for other staff those
    that they lead; else those in which they have a part. Two queries, three for partners, four
    for staff.
    """
    found = _milestones(user, first, last)
    found += _days(user, first, last)
    if scope_ids(user, {RoleKind.PARTNER_CONTACT}, Organisation):
        found += _asked(user, first, last)
    if is_staff_member(user):
        found += _gaps(first, last)
        found += _risks(user, first, last)
    return found


def _milestones(user: Any, first: date, last: date) -> list[CalendarEntry]:
    milestones = Milestone.objects.filter(
        project__in=Project.objects.visible_to(user).filter(state__in=OPEN_STATES),
        done_on__isnull=True,
        due_on__range=(first, last),
    )
    if is_staff_member(user) and not is_programme_team(user):
        milestones = milestones.filter(project__lead_id=user.pk)
    return [
        CalendarEntry(
            kind=CalendarKind.MILESTONE,
            key=f"milestone-{one.pk}",
            title=one.title,
            whose=one.project.title,
            start=one.due_on,
            url=one.project.get_absolute_url(),
            changed_at=one.updated_at,
        )
        for one in milestones.select_related("project").order_by("due_on", "id")[:MOST]
        if one.due_on
    ]


def _days(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """The first and the last days of projects that are not over."""
    within = (first, last)
    dated = Q(starts_on__range=within) | Q(ends_on__range=within)
    projects = Project.objects.visible_to(user).filter(dated, state__in=OPEN_STATES)
    if is_staff_member(user) and not is_programme_team(user):
        projects = projects.filter(lead_id=user.pk)
    found = []
    for one in projects.order_by("starts_on", "id")[:MOST]:
        named = [("starts", _("First day"), one.starts_on), ("ends", _("Last day"), one.ends_on)]
        found += [
            CalendarEntry(
                kind=CalendarKind.PROJECT,
                key=f"project-{one.pk}-{key}",
                title=words,
                whose=one.title,
                start=day,
                url=one.get_absolute_url(),
                changed_at=one.updated_at,
            )
            for key, words, day in named
            if day and first <= day <= last
        ]
    return found


def _risks(user: Any, first: date, last: date) -> list[CalendarEntry]:
    """The risks that ``user`` is to look at again: their own, and nobody's in what they lead."""
    risks = Risk.objects.of_person(user).filter(review_on__range=(first, last))
    return [
        CalendarEntry(
            kind=CalendarKind.RISK,
            key=f"risk-{one.pk}",
            title=_("Look again at a risk"),
            whose=one.project.title,
            start=one.review_on,
            url=reverse("projects:risks", args=[one.project_id]),
            changed_at=one.updated_at,
        )
        for one in risks.select_related("project").order_by("review_on", "id")[:MOST]
        if one.review_on
    ]


def _asked(user: Any, first: date, last: date) -> list[CalendarEntry]:
    asks = (
        GapAsk.objects.visible_to(user)
        .filter(gap__state=GapState.OPEN, gap__wanted_by__range=(first, last))
        .unanswered()
        .select_related("gap__topic", "organisation")
        .order_by("gap__wanted_by", "id")
    )
    return [
        CalendarEntry(
            kind=CalendarKind.EVIDENCE,
            key=f"evidence-asked-{ask.pk}",
            title=_("Tell us what you know about “%(topic)s”") % {"topic": ask.gap.topic.title},
            whose=ask.organisation.name,
            start=ask.gap.wanted_by,
            url=reverse("projects:gap-asked", args=[ask.pk]),
            changed_at=ask.gap.updated_at,
        )
        for ask in asks[:MOST]
    ]


def _gaps(first: date, last: date) -> list[CalendarEntry]:
    gaps = EvidenceGap.objects.filter(state=GapState.OPEN, wanted_by__range=(first, last))
    return [
        CalendarEntry(
            kind=CalendarKind.EVIDENCE,
            key=f"evidence-{gap.pk}",
            title=_("Replies wanted about “%(topic)s”") % {"topic": gap.topic.title},
            start=gap.wanted_by,
            url=reverse("projects:topic", args=[gap.topic_id]),
            changed_at=gap.updated_at,
        )
        for gap in gaps.select_related("topic").order_by("wanted_by", "id")[:MOST]
    ]
