"""How allauth behaves here."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest


class PortalAccountAdapter(DefaultAccountAdapter):
    """Anybody may make an account; what it can do comes from roles."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.preferred_name = form.cleaned_data.get("preferred_name", "")
        return super().save_user(request, user, form, commit)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who signed in within the last minutes is not asked again at once.

        A new member of staff is led from signing in straight to their second step.
        """
        records = get_authentication_records(self.request, self.request.user)
        fresh = records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app)
