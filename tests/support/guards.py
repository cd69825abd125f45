"""Guards that stand in every test."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse

_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# The session and allauth's own bookkeeping are not the portal's data.
_HONEST = re.compile(r'"(django_session|account_|mfa_)')
# A sign-in link or code that is opened by GET signs somebody in; nothing else may write.
HONEST_PATHS = ("/account/",)


class GetWroteToTheDatabase(AssertionError):
    """A GET request changed data."""


class GetNeverWritesMiddleware:
    """Fails a GET or HEAD that writes, whatever test sends it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path.startswith(HONEST_PATHS):
            return self.get_response(request)
        with connection.execute_wrapper(self.refuse_writes):
            response = self.get_response(request)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = self.guarded(response.streaming_content)
        return response

    def guarded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """A body that is made while it is read writes nothing either."""
        rest = iter(pieces)
        while True:
            with connection.execute_wrapper(self.refuse_writes):
                try:
                    piece = next(rest)
                except StopIteration:
                    return
            yield piece

    @staticmethod
    def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.match(sql) and not _HONEST.search(sql):
            raise GetWroteToTheDatabase(sql[:300])
        return execute(sql, params, many, context)


class LoudInvalid(str):
    """``string_if_invalid`` that fails a test which renders an undefined variable."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, missing: Any) -> str:
        raise AssertionError(f"undefined template variable: {missing}")
