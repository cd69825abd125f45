"""Registers the room with Django, and with the rooms below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Groups and meetings")

    def ready(self) -> None:
        from accounts.sections import acceptance_followers, data_collectors

        from . import notifications, reminders, selectors, services

        notifications.register()
        reminders.register()
        data_collectors.add("meetings", selectors.data_about)
        acceptance_followers.add("meetings", services.link_member)
