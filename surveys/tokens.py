"""The random token in the browser of somebody who answers, and what is derived from it.

Nothing here can be turned back: the database has hashes, of which one does not lead to the other
without the token itself. See ``docs/decisions/0007-survey-anonymity.md``.
"""

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


def new_token() -> str:
    """A token that nobody can guess: 32 random bytes as URL-safe text."""
    return secrets.token_urlsafe(32)


def _derived(token: str, use: str) -> bytes:
    return hmac.digest(token.encode(), use.encode(), "sha256")


def draft_hash(token: str) -> str:
    """Under which the draft of the token's holder is kept."""
    return hashlib.sha256(_derived(token, "draft")).hexdigest()


def submission_token(token: str) -> str:
    """What the form on the last page carries; the same for every tab and every click."""
    return _derived(token, "submission").hex()


def submission_hash(submission: str) -> str:
    """Under which a submission is kept."""
    return hashlib.sha256(submission.encode()).hexdigest()


def _lock(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(token, "seal")))


def seal(token: str, answers: dict[str, Any]) -> bytes:
    """``answers`` as bytes that only the holder of ``token`` can read."""
    return _lock(token).encrypt(zlib.compress(json.dumps(answers).encode()))


def unseal(token: str, sealed: bytes | memoryview) -> dict[str, Any]:
    """The answers in ``sealed``; none of them when it was not sealed with ``token``."""
    try:
        return json.loads(zlib.decompress(_lock(token).decrypt(bytes(sealed))))
    except (InvalidToken, ValueError, zlib.error):
        return {}
