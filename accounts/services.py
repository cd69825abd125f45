"""Writes about people: roles, invitations, what they need."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.dates import nice_date
from core.enums import AuditAction

from .enums import RoleKind
from .models import AccessNeeds, Invitation, Role, User
from .sections import acceptance_followers, grant_followers, role_followers

ACCESS_NEEDS_KEPT = timedelta(days=730)


class LastManager(Exception):
    """Nobody would be left who can give roles. ``str()`` says so."""


class InvitationNotUsable(Exception):
    """The invitation is unknown, used, out of date, or for somebody else. ``str()`` says which."""


def grant_role(
    *,
    person: User,
    kind: RoleKind,
    scope: models.Model | None = None,
    by: User | None,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Role:
    """Give ``person`` a role, from today on if not from ``starts_on``; the same open role twice is
    given once."""
    scope_type = ContentType.objects.get_for_model(scope) if scope else None
    with transaction.atomic():
        role, made = Role.objects.get_or_create(
            person=person,
            kind=kind,
            scope_type=scope_type,
            scope_id=scope.pk if scope else None,
            ends_on=ends_on,
            defaults={"starts_on": starts_on or timezone.localdate(now)},
        )
        begins = starts_on or timezone.localdate(now)
        if made:
            _record(person, "", role_words(role), by, now)
            for follow in grant_followers:
                follow(role, by, now)
        elif role.starts_on > begins:
            # Given for later before; now it is wanted sooner.
            role.starts_on = begins
            role.save(update_fields=["starts_on", "updated_at"])
            _record(person, "", role_words(role), by, now)
    person.__dict__.pop("current_roles", None)
    return role


def end_role(*, role: Role, by: User | None, now: datetime) -> Role:
    """Let ``role`` end with yesterday, so that it holds no more from now on."""
    with transaction.atomic():
        _end(role, timezone.localdate(now) - timedelta(days=1), by, now)
    return role


def set_last_day(*, role: Role, ends_on: date, by: User | None, now: datetime) -> bool:
    """Let ``role`` hold until ``ends_on``, that day included; say whether that changed anything.

    A last day before the first takes the role away altogether. Errors: ``LastManager``.
    """
    with transaction.atomic():
        if role.kind == RoleKind.PROGRAMME_MANAGER:
            _keep_one_manager(role)
        locked = Role.objects.select_for_update().get(pk=role.pk)
        if locked.ends_on == ends_on:
            return False
        _end(locked, ends_on, by, now)
    return True


def _end(role: Role, ends_on: date, by: User | None, now: datetime) -> None:
    """Write the last day, or take away a role that would end before it begins."""
    before, is_over_at_once = role_words(role), ends_on < role.starts_on
    was, role.ends_on = role.ends_on, ends_on
    if is_over_at_once:
        Role.objects.filter(pk=role.pk).delete()
    else:
        role.save(update_fields=["ends_on", "updated_at"])
    _record(role.person, before, "" if is_over_at_once else role_words(role), by, now)
    for follow in role_followers:
        follow(role, was, by, now)


def role_words(role: Role) -> str:
    """Which role it is, in what, and until when, for the history of its person."""
    words = [str(role.get_kind_display()), str(role.scope) if role.scope else ""]
    words.append(_("until %(day)s") % {"day": nice_date(role.ends_on)} if role.ends_on else "")
    return ", ".join(word for word in words if word)


def _record(person: User, before: str, after: str, by: User | None, now: datetime) -> None:
    """Roles stand in the history of their person: one that is taken away has none of its own."""
    changes = {"role": [before or _("no role"), after or _("no role")]}
    audit.record(action=AuditAction.CHANGED, obj=person, by=by, now=now, changes=changes)


def _keep_one_manager(role: Role) -> None:
    """Lock the managers' roles without an end, so that two who end each other's leave one."""
    others = Role.objects.filter(kind=role.kind, ends_on=None, person__is_active=True)
    if not {held.person_id for held in others.select_for_update()} - {role.person_id}:
        raise LastManager(
            _("There would be no programme manager left. Give somebody else the role first.")
        )


def hash_token(token: str) -> str:
    """SHA-256 of an invitation's token, in hexadecimal. The token has 256 random bits itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_invitation(
    *, email: str, kind: RoleKind, scope: models.Model | None, by: User, now: datetime
) -> tuple[Invitation, str]:
    """An invitation and its token, which is nowhere else and is to be sent at once."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            email=email.strip().lower(),
            token_hash=hash_token(token),
            kind=kind,
            scope=scope,
            invited_by=by,
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        )
        audit.record(action=AuditAction.CREATED, obj=invitation, by=by, now=now)
    return invitation, token


def withdraw_invitation(*, obj: Invitation, by: Any, now: datetime) -> None:
    """Let an invitation that nobody has accepted run out at once."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=obj.pk)
        if invitation.accepted_at or invitation.expires_at <= now:
            return
        invitation.expires_at = now
        invitation.save(update_fields=["expires_at", "updated_at"])
        audit.record(action=AuditAction.CHANGED, obj=invitation, by=by, now=now, note="withdrawn")


def usable_invitation(*, token: str, now: datetime) -> Invitation:
    """The invitation that ``token`` opens. Errors: ``InvitationNotUsable``."""
    invitation = Invitation.objects.filter(token_hash=hash_token(token)).first()
    if invitation is None:
        raise InvitationNotUsable(_("We do not know this invitation. Check the whole address."))
    if invitation.accepted_at:
        raise InvitationNotUsable(_("This invitation has been used. Sign in instead."))
    if invitation.expires_at <= now:
        raise InvitationNotUsable(_("This invitation is out of date. Ask for a new one."))
    return invitation


def is_unproved(person: User) -> bool:
    """Whether whoever made this account has never shown that its e-mail address is theirs."""
    addresses = EmailAddress.objects.filter(user=person)
    return addresses.exists() and not addresses.filter(verified=True).exists()


def claim_account(*, person: User, preferred_name: str = "") -> None:
    """Give an account to whoever has shown that its address is theirs.

    It may have been made by somebody else: the password that they chose opens it no longer.
    """
    person.set_unusable_password()
    person.preferred_name = preferred_name or person.preferred_name
    person.save(update_fields=["password", "preferred_name"])
    EmailAddress.objects.filter(user=person, email__iexact=person.email).update(
        verified=True, primary=True
    )


def accept_invitation(*, token: str, by: Any, now: datetime, preferred_name: str = "") -> User:
    """Give the invited person their role, making their account if there is none.

    Having the token proves the e-mail address, for it was sent there. ``by`` is the signed-in
    user or an anonymous one. Errors: ``InvitationNotUsable`` (also when the address has an
    account already and another person, or nobody, is signed in).
    """
    with transaction.atomic():
        Invitation.objects.select_for_update().filter(token_hash=hash_token(token)).first()
        invitation = usable_invitation(token=token, now=now)
        person = User.objects.filter(email__iexact=invitation.email).first()
        if by.is_authenticated and (person is None or by.pk != person.pk):
            raise InvitationNotUsable(_("This invitation is for another e-mail address."))
        if person is None:
            person = User.objects.create_user(invitation.email, preferred_name=preferred_name)
            EmailAddress.objects.create(
                user=person, email=person.email, verified=True, primary=True
            )
        elif is_unproved(person):
            claim_account(person=person, preferred_name=preferred_name)
        elif not by.is_authenticated:
            raise InvitationNotUsable(_("You have an account already. Sign in first."))
        if not getattr(invitation.scope, "takes_roles", True):
            raise InvitationNotUsable(_("What you were invited to is over by now."))
        grant_role(
            person=person,
            kind=RoleKind(invitation.kind),
            scope=invitation.scope,
            by=invitation.invited_by,
            now=now,
        )
        invitation.accepted_at = now
        invitation.accepted_by = person
        invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
        for follow in acceptance_followers:
            follow(invitation, person, now)
    return person


def save_access_needs(
    *, person: User, needs: str, payment: str, by: User, now: datetime
) -> AccessNeeds:
    """Keep what helps ``person`` take part, for two years from the last change."""
    with transaction.atomic():
        told = AccessNeeds.objects.select_for_update().filter(person=person).first()
        if told and (told.needs, told.payment) == (needs, payment):
            return told  # A double click: nothing is new.
        record, made = AccessNeeds.objects.update_or_create(
            person=person,
            defaults={
                "needs": needs,
                "payment": payment,
                "keep_until": timezone.localdate(now + ACCESS_NEEDS_KEPT),
            },
        )
        action = AuditAction.CREATED if made else AuditAction.CHANGED
        audit.record(action=action, obj=record, by=by, now=now)
    return record
