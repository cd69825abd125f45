"""Registers the room with Django, and what it offers with the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemonstratorsConfig(AppConfig):
    name = "demonstrators"
    verbose_name = _("Demonstrators")

    def ready(self) -> None:
        from accounts.sections import data_collectors

        from .panels import register
        from .selectors import data_about

        data_collectors.add("demonstrators", data_about)
        register()
