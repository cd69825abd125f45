"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts.sections import AccountLink, account_links, data_collectors

        from . import retention
        from .selectors import messages_of_person

        account_links.add(
            "messages",
            AccountLink(
                title=_("Messages and reminders"),
                description=_("How often reminders come, and which ones."),
                url_name="notifications:preferences",
            ),
        )
        data_collectors.add("messages", messages_of_person)
        retention.register()
