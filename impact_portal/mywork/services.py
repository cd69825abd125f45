"""Making and stopping the secret address of a person's calendar."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit
from core.enums import AuditAction
from impact_portal.models import CalendarLink

# Characters of a token: 256 random bits in base 64.
TOKEN_LENGTH = 43


def hash_of(token: str) -> str:
    """Under which a token is kept and looked for."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def make_link(*, person: User, by: Any, now: datetime) -> str:
    """A new secret address for ``person``; the one before stops at once.

    Gives the token, which is nowhere else and can be shown this once.
    """
    token = secrets.token_urlsafe(32)
    values = {"token_hash": hash_of(token), "made_at": now}
    link, made = CalendarLink.objects.update_or_create(person=person, defaults=values)
    action = AuditAction.CREATED if made else AuditAction.CHANGED
    audit.record(action=action, obj=link, by=by, now=now)
    return token


@transaction.atomic
def stop_link(*, person: User, by: Any, now: datetime) -> bool:
    """Stop the address of ``person`` for ever; whether there was one."""
    link = CalendarLink.objects.select_for_update().filter(person=person).first()
    if link is None:
        return False
    audit.record(action=AuditAction.REMOVED, obj=link, by=by, now=now)
    link.delete()
    return True


def person_of(token: str) -> User | None:
    """Whose calendar ``token`` opens today; nobody's once it is stopped or the account closed."""
    if len(token) != TOKEN_LENGTH:
        return None
    link = CalendarLink.objects.filter(token_hash=hash_of(token), person__is_active=True)
    found = link.select_related("person").first()
    return found.person if found else None
