"""What changed since somebody was here last, among all that they may know of.

Every change of state stands in one log (``core.models.Transition``), so that one query finds what
is new, and one more for each kind of thing in it asks what of that this person may see.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import sees_programme
from coproduction.models import Proposal
from core.models import Transition
from expressions.models import Call, Expression
from meetings.models import Meeting
from partners.enums import JoinState
from partners.models import JoinRequest
from projects.models import Project, Update

MOST = 50
# How many of them a home page shows.
ON_HOME = 8
# Who has never been here on this device is shown what changed in this time.
AT_FIRST = timedelta(days=14)
# Somebody who looks again within this time is still on the same visit.
VISIT = timedelta(minutes=30)
COOKIE = "visit"
COOKIE_KEPT = timedelta(days=90)

# What the steps of checking and choosing lead to is told by letter, not by a list of changes.
TOLD_TO_ORGANISATION = {"submit", "withdraw", "accept", "turn_down", "make_project"}


@dataclass(frozen=True)
class Change:
    """One thing that changed: what, what it is now, when, and where to read more."""

    title: str
    state: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Followed:
    """A kind of thing whose changes are told: where it is read, who is told of which step, and
    what it is called where nothing around it says what it belongs to."""

    model: type[models.Model]
    url: Callable[[Any, Any], str] = lambda obj, user: obj.get_absolute_url()
    tells: Callable[[str, Any], bool] = lambda step, user: True
    title: Callable[[Any], str] = str
    # Other words than the label of the state, where it would be read as another thing's.
    words: Callable[[Any, str, Any], str] = lambda obj, state, user: ""
    # What the title needs besides.
    along: tuple[str, ...] = ()


def _expression_url(expression: Expression, user: Any) -> str:
    if sees_programme(user):
        return reverse("expressions:staff-page", args=[expression.pk])
    return expression.get_absolute_url()


def _joined(asked: JoinRequest, state: str, user: Any) -> str:
    """ "Accepted" beside an organisation's name would be read as an answer about a place."""
    if state != JoinState.ACCEPTED or asked.person_id != user.pk:
        return ""
    return _("You speak for this organisation now")


FOLLOWED = [
    Followed(Project),
    Followed(Update, title=lambda update: f"{update.project.title}: {update}", along=("project",)),
    Followed(Call),
    Followed(
        Expression,
        url=_expression_url,
        tells=lambda step, user: sees_programme(user) or step in TOLD_TO_ORGANISATION,
        title=lambda one: f"{one.organisation}, {one.reference}" if one.reference else str(one),
        along=("organisation",),
    ),
    Followed(
        Meeting,
        url=lambda meeting, user: reverse("meetings:meeting", args=[meeting.pk]),
        title=lambda meeting: f"{meeting.group}: {meeting}",
        along=("group",),
    ),
    Followed(Proposal),
    Followed(
        JoinRequest,
        title=lambda asked: str(asked.organisation),
        words=_joined,
        along=("organisation",),
    ),
]


def changes_for(user: Any, since: datetime) -> list[Change]:
    """The newest changes by others after ``since`` that ``user`` may know of, at most ``MOST``.

    One query, and one more for each kind of thing that changed.
    """
    followed = {ContentType.objects.get_for_model(one.model).pk: one for one in FOLLOWED}
    steps = (
        Transition.objects.filter(content_type_id__in=followed, at__gt=since)
        .exclude(by_id=user.pk)
        .order_by("-at", "-id")
    )
    by_kind = defaultdict(list)
    # Some may be hidden from this person: read more than are shown.
    for step in steps[: MOST * 10]:
        if followed[step.content_type_id].tells(step.step, user):
            by_kind[step.content_type_id].append(step)
    found = [
        change for kind, steps in by_kind.items() for change in _seen(followed[kind], steps, user)
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _seen(followed: Followed, steps: list[Transition], user: Any) -> list[Change]:
    """The changes of one kind of thing that ``user`` may know of, the latest of each thing."""
    latest = {step.object_id: step for step in reversed(steps)}
    objects = followed.model.objects.visible_to(user).filter(pk__in=latest)  # type: ignore[attr-defined]
    if followed.along:
        objects = objects.select_related(*followed.along)
    labels = dict(followed.model._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
    return [
        Change(
            title=followed.title(obj),
            state=followed.words(obj, step.target, user)
            or str(labels.get(step.target, step.target)),
            at=step.at,
            url=followed.url(obj, user),
        )
        for obj in objects
        for step in [latest[str(obj.pk)]]
    ]


def since_last_visit(request: HttpRequest, now: datetime) -> tuple[datetime, datetime]:
    """Since when things are new to this person on this device, and when this visit was last seen.

    The browser keeps both in a signed cookie; the portal itself does not record who looked when.
    """
    try:
        held = request.get_signed_cookie(COOKIE, salt=_salt(request), default="")
        since, latest = (datetime.fromisoformat(text) for text in held.split(" "))
    except (signing.BadSignature, ValueError):
        return max(now - AT_FIRST, request.user.date_joined), now
    return (latest if now - latest > VISIT else since), now


def remember_visit(
    request: HttpRequest, response: HttpResponse, since: datetime, latest: datetime
) -> None:
    """Let the browser keep what :func:`since_last_visit` reads."""
    response.set_signed_cookie(
        COOKIE,
        f"{since.isoformat()} {latest.isoformat()}",
        salt=_salt(request),
        max_age=COOKIE_KEPT,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _salt(request: HttpRequest) -> str:
    """The cookie of one person says nothing to another who signs in on the same device."""
    return f"impact_portal.changes:{request.user.pk}"
