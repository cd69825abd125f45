"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partner organisations")

    def ready(self) -> None:
        from accounts.sections import data_collectors

        from . import exports, notifications, reminders, retention
        from .selectors import partners_data

        notifications.register()
        reminders.register()
        exports.register()
        data_collectors.add("partners", partners_data)
        retention.register()
