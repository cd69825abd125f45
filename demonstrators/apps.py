"""Registers the room with Django, and what it offers with the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemonstratorsConfig(AppConfig):
    name = "demonstrators"
    verbose_name = _("Demonstrators")

    def ready(self) -> None:
        from importlib.util import find_spec

        from accounts.sections import data_collectors

        from .selectors import data_about

        data_collectors.add("demonstrators", data_about)
        if find_spec("projects.panels"):
            from .panels import register

            register()
