"""What a line of the log says: where things happened, never what somebody wrote or may open."""

import logging
import re
import traceback
from types import TracebackType

# Each of these is followed by a secret that opens something without signing in.
SECRET_PATHS = re.compile(
    r"(/calendar-feed/|/you/invitations/|/topics/evidence/|/messages/stop/)[^/\s?'\"]+"
)


def masked(text: str) -> str:
    """``text`` with the secret part of each address of ours replaced by three dots."""
    return SECRET_PATHS.sub(r"\1...", text)


class LineFormatter(logging.Formatter):
    """Leaves out secrets in paths, and the words of exceptions.

    Django names the address of each refused request. The database puts the value that stood in
    the way into the words of its errors, and a form the text that it could not read.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return masked(super().formatMessage(record))

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        parts: list[str] = []
        error = ei[1]
        while error is not None:
            lines = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            parts.insert(0, f"{lines}\n{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nthen\n".join(parts)
