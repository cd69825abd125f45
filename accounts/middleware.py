"""What is looked at on each request of a signed-in person."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from .rules import is_staff_member

# Where a staff member without a second factor may still go: to set one up, or to leave.
_ALWAYS_OPEN = ("/account/", "/static/", "/health/", "/language/", "/pages/")


class SecondFactorMiddleware:
    """Staff go no further than setting up their second factor until they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_SECOND_FACTOR_REQUIRED
            and request.user.is_authenticated
            and not request.path.startswith(_ALWAYS_OPEN)
            and (is_staff_member(request.user) or request.user.is_superuser)
            and not self._has_second_factor(request)
        ):
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _has_second_factor(request: HttpRequest) -> bool:
        if any(record["method"] == "mfa" for record in get_authentication_records(request)):
            return True
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return Authenticator.objects.filter(user=request.user, type__in=kinds).exists()


class PersonLanguageMiddleware:
    """A signed-in person who chose no language on this device reads in the one of their account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
