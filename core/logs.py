"""What no log may hold: the keys that stand in some of our addresses."""

import logging
import re

# Each of these is a secret that opens something without signing in.
SECRET_PATHS = re.compile(
    r"(/calendar-feed/|/you/invitations/|/topics/evidence/|/messages/stop/)[^/\s?'\"]+"
)


def masked(text: str) -> str:
    """``text`` with the secret part of each address of ours replaced by three dots."""
    return SECRET_PATHS.sub(r"\1...", text)


class MaskSecrets(logging.Filter):
    """Masks every line of a handler; Django names the address of each refused request."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if SECRET_PATHS.search(text):
            record.msg, record.args = masked(text), ()
        return True
