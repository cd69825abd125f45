"""How a wish to join an organisation is decided, and how a file of organisations is saved."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.services import grant_role
from core.transitions import Step, state_table, transition
from notifications.services import queue

from . import notifications
from .enums import ImportState, JoinState
from .models import Contact, JoinRequest, OrganisationImport

STEPS = state_table(
    Step(
        name="accept",
        sources=frozenset({JoinState.ASKED}),
        target=JoinState.ACCEPTED,
        label=_("Let them join"),
        permission="partners.decide_join",
        repeatable=True,
    ),
    Step(
        name="refuse",
        sources=frozenset({JoinState.ASKED}),
        target=JoinState.REFUSED,
        label=_("Do not let them join"),
        permission="partners.decide_join",
        needs_reason=True,
        repeatable=True,
    ),
)


def accept(*, obj: JoinRequest, by: Any, now: datetime, reason: str = "") -> JoinRequest:
    """Make the person a contact of the organisation, with the role that goes with it."""

    def join(request: JoinRequest) -> None:
        Contact.objects.get_or_create(
            organisation=request.organisation,
            person=request.person,
            defaults={"job_title": request.job_title, "is_example": request.is_example},
        )
        grant_role(
            person=request.person,
            kind=RoleKind.PARTNER_CONTACT,
            scope=request.organisation,
            by=by,
            now=now,
        )
        _tell(request, notifications.JOIN_ACCEPTED, now, reason)

    return transition(
        obj=obj,
        step=STEPS["accept"],
        by=by,
        now=now,
        reason=reason,
        apply=_decided(by, now),
        then=join,
    )


def refuse(*, obj: JoinRequest, by: Any, now: datetime, reason: str = "") -> JoinRequest:
    """Say no, and why; the person is told the reason."""
    return transition(
        obj=obj,
        step=STEPS["refuse"],
        by=by,
        now=now,
        reason=reason,
        apply=_decided(by, now),
        then=lambda request: _tell(request, notifications.JOIN_REFUSED, now, reason),
    )


def _decided(by: Any, now: datetime) -> Callable[[JoinRequest], None]:
    def apply(request: JoinRequest) -> None:
        request.decided_by = by
        request.decided_at = now

    return apply


def _tell(request: JoinRequest, kind: Any, now: datetime, reason: str) -> None:
    queue(
        kind=kind,
        to=request.person,
        about=request,
        now=now,
        context={
            "organisation": request.organisation,
            "reason": reason,
            "path": notifications.own_organisations_path(),
        },
    )


IMPORT_STEPS = state_table(
    Step(
        name="confirm",
        sources=frozenset({ImportState.CHECKED}),
        target=ImportState.CONFIRMED,
        label=_("Save these organisations"),
        permission="partners.use_import",
        repeatable=True,
    ),
    Step(
        name="finish",
        sources=frozenset({ImportState.CONFIRMED}),
        target=ImportState.DONE,
        label=_("All rows are saved"),
        permission=None,
        repeatable=True,
    ),
    Step(
        name="cancel",
        sources=frozenset({ImportState.CHECKED}),
        target=ImportState.CANCELLED,
        label=_("Put this file away"),
        permission="partners.use_import",
        repeatable=True,
    ),
)


def confirm_import(
    *, obj: OrganisationImport, fill_blanks: bool, by: Any, now: datetime
) -> OrganisationImport:
    """Let a worker save the rows."""

    def apply(upload: OrganisationImport) -> None:
        upload.fill_blanks = fill_blanks

    return transition(obj=obj, step=IMPORT_STEPS["confirm"], by=by, now=now, apply=apply)


def finish_import(*, obj: OrganisationImport, now: datetime) -> OrganisationImport:
    """Say that all rows have been looked at."""
    return transition(obj=obj, step=IMPORT_STEPS["finish"], by=None, now=now)


def cancel_import(*, obj: OrganisationImport, by: Any, now: datetime) -> OrganisationImport:
    """Put a file away without saving anything; its rows go at once."""

    def apply(upload: OrganisationImport) -> None:
        upload.rows = []

    return transition(obj=obj, step=IMPORT_STEPS["cancel"], by=by, now=now, apply=apply)
