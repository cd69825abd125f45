"""The key by which a person stops reminders from within an e-mail, without signing in.

It names the person by number and the kinds of reminder; it is signed, and holds no address.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

SALT = "notifications.unsubscribe"


class KeyNotGood(Exception):
    """The key was not made by this portal, or was cut short on its way."""


@dataclass(frozen=True)
class UnsubscribeKey:
    """Whom the key is for, and which kinds of reminder it stops."""

    person_id: int
    kind_names: Sequence[str]


def unsubscribe_path(person_id: int, kind_names: Sequence[str]) -> str:
    """The address of the page that stops these reminders."""
    key = signing.dumps([person_id, sorted(set(kind_names))], salt=SALT, compress=True)
    return reverse("notifications:unsubscribe", args=[key])


def read_key(key: str) -> UnsubscribeKey:
    """What ``key`` says. Errors: ``KeyNotGood``."""
    try:
        person_id, kind_names = signing.loads(key, salt=SALT)
    except signing.BadSignature as error:
        raise KeyNotGood from error
    return UnsubscribeKey(person_id=person_id, kind_names=kind_names)
