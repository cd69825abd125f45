"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from accounts.sections import data_collectors

        from . import retention
        from .selectors import runs_of_person

        data_collectors.add("reports", runs_of_person)
        retention.register()
