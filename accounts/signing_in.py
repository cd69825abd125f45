"""Signing in: what allauth's own form leaves open."""

from typing import Any

from allauth.account.forms import LoginForm
from django.core.exceptions import ValidationError


class PortalLoginForm(LoginForm):
    """Says beside the password what is wrong, as every form does, and in the summary too."""

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as problem:
            self.add_error("password", problem)
            return self.cleaned_data
