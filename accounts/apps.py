"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from . import retention
        from .sections import AccountLink, account_links, data_collectors
        from .selectors import account_data
        from .signing_up import claim_on_first_code

        email_confirmed.connect(claim_on_first_code, dispatch_uid="claim_on_first_code")

        data_collectors.add("account", account_data)
        for key, title, description in (
            ("account_change_password", _("Password"), _("Choose or change a password.")),
            ("mfa_index", _("Second step when you sign in"), _("A passkey or a code app.")),
            ("accounts:my-data", _("Download my data"), _("All we hold about you, as a file.")),
        ):
            account_links.add(key, AccountLink(title, description, key))
        retention.register()
