"""Assisted entry: staff type in what reached us on paper, by telephone, as a video or in Easy Read.

Sources of the rule: "Assisted entry" in the domain description. What counts is when it reached us.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.dates import nice_datetime
from core.enums import AuditAction
from core.transitions import TransitionNotAllowed
from notifications.services import queue
from partners.models import Organisation
from partners.selectors import contact_people

from .. import notifications
from ..enums import CallState, ExpressionState, Source
from ..models import Call, Expression
from ..timeliness import reached_us_in_time


class AlreadyBegun(TransitionNotAllowed):
    """The organisation has an expression in this call, ``expression``, which is not this one."""

    def __init__(self, expression: Expression) -> None:
        super().__init__(
            _("%(name)s has an expression of interest in this call already.")
            % {"name": expression.organisation.name}
        )
        self.expression = expression


def enter_expression(
    *,
    obj: Call,
    organisation: Organisation,
    source: str,
    provenance: str,
    received_at: datetime,
    reason: str = "",
    by: User,
    now: datetime,
) -> Expression:
    """Begin to type in what reached us at ``received_at``, and tell the people of the organisation.

    After the call's closing instant ``reason`` says why it is entered only now. The same again, as
    by a double click, gives the one that was begun. Errors: ``PermissionDenied``; ``AlreadyBegun``;
    ``TransitionNotAllowed`` when it came too late or the call is beyond taking any.
    """
    if not by.has_perm("expressions.enter_for_others") or source == Source.ONLINE:
        raise PermissionDenied
    check_in_time(obj, received_at, reason, now)
    standing = Expression.objects.filter(call=obj, organisation=organisation).exclude(
        state=ExpressionState.WITHDRAWN
    )
    if found := standing.select_related("organisation").first():
        return _the_same(found, by, source)
    try:
        with transaction.atomic():
            expression = Expression.objects.create(
                call=obj,
                organisation=organisation,
                source=source,
                provenance=provenance,
                received_at=received_at,
                entered_by=by,
                started_by=by,
                listed_at=now,
                is_first_timer=organisation.is_first_timer,
                call_version=obj.version,
                is_example=organisation.is_example,
            )
            _record(expression, reason, by, now)
            _tell_contacts(expression, now)
    except IntegrityError:
        return _the_same(standing.select_related("organisation").get(), by, source)
    return expression


def _the_same(found: Expression, by: User, source: str) -> Expression:
    begun_here = found.is_entered_by_staff and found.entered_by_id == by.pk
    if begun_here and found.source == source and found.state == ExpressionState.DRAFT:
        return found
    raise AlreadyBegun(found)


def check_in_time(call: Call, received_at: datetime, reason: str, now: datetime) -> None:
    """Refuse what came too late, or is said to have come tomorrow. Errors: see above."""
    if call.state not in {CallState.OPEN, CallState.CLOSED} or (
        call.opens_at is None or call.opens_at > now
    ):
        raise TransitionNotAllowed(_("This call takes no expressions of interest now."))
    if received_at > now:
        raise TransitionNotAllowed(_("The time when it reached us lies in the future."))
    if not reached_us_in_time(call, received_at):
        raise TransitionNotAllowed(
            _("It reached us after the call had closed (%(closing)s), so it cannot be taken.")
            % {"closing": nice_datetime(call.closes_at)}
        )
    if not call.is_open_at(now) and not reason.strip():
        raise TransitionNotAllowed(
            _("The call has closed. Say why this is entered only now; the reason is kept.")
        )


def _record(expression: Expression, reason: str, by: User, now: datetime) -> None:
    changes: dict[str, list[str]] = {
        "source": ["", str(expression.get_source_display())],
        "received_at": ["", expression.received_at.isoformat() if expression.received_at else ""],
    }
    if reason.strip():
        changes["entered_after_closing_because"] = ["", reason.strip()]
    audit.record(action=AuditAction.CREATED, obj=expression, by=by, now=now, changes=changes)


def _tell_contacts(expression: Expression, now: datetime) -> None:
    for person in contact_people(expression.organisation):
        queue(
            kind=notifications.ENTERED,
            to=person,
            about=expression,
            now=now,
            context={
                "expression": expression,
                "organisation": expression.organisation,
                "call": expression.call,
                "source": expression.get_source_display(),
                "path": reverse("expressions:tasks", args=[expression.pk]),
            },
        )


def add_organisation(*, by: User, now: datetime, **details: Any) -> Organisation:
    """An organisation without contacts, for which staff enter something.

    The same name, nation and place a second time, as by a double click, give the first.
    Errors: ``PermissionDenied``.
    """
    if not by.has_perm("expressions.enter_for_others"):
        raise PermissionDenied
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        name = " ".join(details.pop("name").split())
        same = Organisation.objects.filter(name__iexact=name, **details).first()
        if same:
            return same
        organisation = Organisation.objects.create(name=name, **details)
        audit.record(action=AuditAction.CREATED, obj=organisation, by=by, now=now)
    return organisation
