"""What every request and every answer goes through, whoever it is from."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class Utf8OnlyMiddleware:
    """Refuses (400) a request in another character set than UTF-8.

    Django does so for plain forms and not for ``multipart/form-data``, in which a sender could
    name a character set that brings halves of surrogate pairs, which no answer can be written in.
    Stands before anything that reads a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("Requests must be in UTF-8.")
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Keeps the pages of signed-in people out of every cache.

    On a shared computer nobody reads them with the Back button after signing out. A view that says
    something of caches itself is left alone. Stands after the sign-in is known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if (signed_in or request.user.is_authenticated) and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response
