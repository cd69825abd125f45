"""The link by which somebody who was asked for evidence replies without signing in.

Its token is an HMAC of the portal's secret key over a random nonce, so it can be made again for a
reminder; the database alone, which has the nonce and the token's hash, does not give it. The
token stands for one question to one organisation and for nothing else, and says nothing of whom.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from .models import GapAsk

SALT = "projects.evidence_gap"


def new_nonce() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def token_of(nonce: str, secret: str | None = None) -> str:
    """The token that belongs to ``nonce``: 43 characters that can stand in an address."""
    digest = salted_hmac(SALT, nonce, secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Under which a token is kept and looked for."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def reply_path(ask: GapAsk) -> str | None:
    """The address that ``ask``'s person was sent; ``None`` once no secret key of ours gives it."""
    keys: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for key in keys:
        token = token_of(ask.nonce, key)
        if secrets.compare_digest(hash_of(token), ask.token_hash):
            return reverse("projects:gap-reply", args=[token])
    return None
