"""Inviting people: the invitation itself, and the message that carries its key."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.models import Invitation, User
from accounts.services import make_invitation
from notifications.enums import Promise
from notifications.registry import Kind
from notifications.services import queue

INVITATION = Kind("accounts.invitation", _("An invitation"), Promise.AT_LEAST_ONCE, secret=True)

DOUBLE_CLICK = timedelta(minutes=1)


def invite(
    *, email: str, kind: RoleKind, scope: models.Model | None, by: Any, now: datetime
) -> Invitation:
    """Make an invitation and put its message in the outbox: both, or neither.

    A second click within a minute gives the first click's invitation.
    """
    with transaction.atomic():
        # Two clicks of one person at once take turns.
        User.objects.select_for_update().get(pk=by.pk)
        if twin := _just_made(email, kind, scope, now):
            return twin
        invitation, token = make_invitation(email=email, kind=kind, scope=scope, by=by, now=now)
        queue(
            kind=INVITATION,
            to=invitation.email,
            about=invitation,
            now=now,
            context={"path": reverse("accounts:invitation", args=[token]), "scope": scope},
        )
    return invitation


def _just_made(
    email: str, kind: RoleKind, scope: models.Model | None, now: datetime
) -> Invitation | None:
    lately = now + timedelta(days=settings.INVITATION_DAYS) - DOUBLE_CLICK
    return Invitation.objects.filter(
        email=email.strip().lower(),
        kind=kind,
        scope_type=ContentType.objects.get_for_model(scope) if scope else None,
        scope_id=scope.pk if scope else None,
        accepted_at=None,
        expires_at__gt=lately,
    ).first()
