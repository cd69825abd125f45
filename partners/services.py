"""Writes about organisations: making one, asking to join one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import User
from accounts.rules import scope_ids
from accounts.services import grant_role
from core import audit
from core.enums import AuditAction
from core.versions import save_details
from notifications.services import queue

from . import notifications, selectors
from .enums import JoinState
from .models import Contact, JoinRequest, Organisation, OrganisationIdentifier

# Who waits for more answers than this is no help to any of those who are asked.
MOST_REQUESTS = 5


class TooManyRequests(Exception):
    """The person waits for the answers of many others already. ``str()`` is fit to be shown."""


class AlreadyAContact(Exception):
    """The person speaks for this organisation already."""


def create_organisation(
    *, by: User, now: datetime, job_title: str = "", **details: Any
) -> Organisation:
    """A new organisation whose first contact is ``by``.

    The same name from the same person a second time, as by a double click, gives the first one.
    """
    name = " ".join(details.pop("name").split())
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        spoken_for = scope_ids(by, {RoleKind.PARTNER_CONTACT}, Organisation)
        own = Organisation.objects.filter(pk__in=spoken_for, name__iexact=name).first()
        if own:
            return own
        organisation = Organisation.objects.create(name=name, **details)
        Contact.objects.create(organisation=organisation, person=by, job_title=job_title)
        grant_role(person=by, kind=RoleKind.PARTNER_CONTACT, scope=organisation, by=by, now=now)
        audit.record(action=AuditAction.CREATED, obj=organisation, by=by, now=now)
    return organisation


def change_organisation(
    *, obj: Organisation, values: Mapping[str, Any], seen: str, by: User, now: datetime
) -> Organisation:
    """Save what is known about an organisation; the audit trail keeps what was there before.

    ``seen`` is the version of these values that the person had before them.
    Errors: ``ChangedMeanwhile``.
    """
    return save_details(obj=obj, values=values, seen=seen, by=by, now=now)


def ask_to_join(
    *, obj: Organisation, by: User, now: datetime, job_title: str = "", message: str = ""
) -> JoinRequest:
    """Ask the organisation's contacts, or the programme team where it has none.

    Asking twice is asking once. Errors: ``AlreadyAContact``; ``TooManyRequests``.
    """
    if selectors.contact_people(obj).filter(pk=by.pk).exists():
        raise AlreadyAContact
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        waiting = JoinRequest.objects.filter(person=by, state=JoinState.ASKED)
        if waiting.exclude(organisation=obj).count() >= MOST_REQUESTS:
            raise TooManyRequests(
                _("You wait for the answers of several organisations. Wait for those first.")
            )
        request, made = _open_request(obj, by, job_title, message)
        if made:
            audit.record(action=AuditAction.CREATED, obj=request, by=by, now=now)
            deciders = list(selectors.contact_people(obj)) or list(selectors.programme_team())
            for person in deciders:
                queue(
                    kind=notifications.JOIN_ASKED,
                    to=person,
                    about=request,
                    now=now,
                    context={
                        "organisation": obj,
                        "person": by,
                        "path": request.get_absolute_url(),
                    },
                )
    return request


def _open_request(
    organisation: Organisation, person: User, job_title: str, message: str
) -> tuple[JoinRequest, bool]:
    """The open request of this person, new or there already."""
    asked = {"organisation": organisation, "person": person, "state": JoinState.ASKED}
    if found := JoinRequest.objects.filter(**asked).first():
        return found, False
    try:
        with transaction.atomic():
            return JoinRequest.objects.create(**asked, job_title=job_title, message=message), True
    except IntegrityError:
        return JoinRequest.objects.get(**asked), False


class NumberTaken(Exception):
    """Another organisation has this number: ``organisation``, perhaps the same one twice."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(str(organisation.pk))
        self.organisation = organisation


def add_identifier(
    *, obj: Organisation, scheme: str, value: str, by: User, now: datetime
) -> OrganisationIdentifier:
    """Give ``obj`` the number ``value`` (normalised) of a public register. Twice is once.

    Errors: ``NumberTaken``.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=obj.pk)
        try:
            with transaction.atomic():
                row, made = OrganisationIdentifier.objects.get_or_create(
                    scheme=scheme, value=value, defaults={"organisation": obj}
                )
        except IntegrityError:
            row, made = OrganisationIdentifier.objects.get(scheme=scheme, value=value), False
        if row.organisation_id != obj.pk:
            raise NumberTaken(row.organisation)
        if made:
            _record_identifier(obj, ["", str(row)], by, now)
    return row


def remove_identifier(*, obj: OrganisationIdentifier, by: User, now: datetime) -> None:
    """Take a number away; the audit trail keeps it. Twice is once."""
    with transaction.atomic():
        gone, _rows = OrganisationIdentifier.objects.filter(pk=obj.pk).delete()
        if gone:
            _record_identifier(obj.organisation, [str(obj), ""], by, now)


def _record_identifier(obj: Organisation, change: list[str], by: User, now: datetime) -> None:
    audit.record(
        action=AuditAction.CHANGED, obj=obj, by=by, now=now, changes={"identifier": change}
    )
