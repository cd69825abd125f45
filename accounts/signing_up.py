"""Making an account: what allauth's own form and flow leave open."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from .services import claim_account


class PortalSignupForm(SignupForm):
    """Answers a known address as it does an unknown one, also by a double click, in equal time."""

    def try_save(self, request: HttpRequest) -> Any:
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:
                # The other click of a double click made the account between look and insert.
                self.account_already_exists = True
        else:
            # As long as keeping a password takes, or the time would tell that there is one.
            make_password(self.cleaned_data.get("password1", ""))
        return super().try_save(request)


def claim_on_first_code(request: HttpRequest, email_address: Any, **_more: Any) -> None:
    """When a sign-in code is what first proves an address, the password goes.

    Whoever made the account may have typed somebody else's address and waited: the person who
    reads its mail signs in by code, and the maker's password would then open their account. An
    address proved while signing up is proved by whoever chose the password. allauth tells of both
    by its signal alone.
    """
    records = get_authentication_records(request, email_address.user)
    if records and records[-1]["method"] == "code":
        claim_account(person=email_address.user)
