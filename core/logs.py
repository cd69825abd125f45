"""What a line of the log says: where things happened, never what somebody wrote or may open."""

import logging
import re
import traceback
from types import TracebackType

# A part of a path that holds a secret: long, and with digits or capitals, unlike an address made
# of words.
_SECRET = re.compile(r"(?<=/)(?=[^/\s]*[A-Z0-9])[\w:.=-]{16,}(?=[/?\s]|$)")


class LineFormatter(logging.Formatter):
    """Leaves out secrets in paths, and the words of exceptions.

    The database puts the value that stood in the way into the words of its errors, and a form the
    text that it could not read.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _SECRET.sub("…", super().formatMessage(record))

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
