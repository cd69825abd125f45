"""Registers the room with Django, and what it offers to the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from accounts.sections import data_collectors

        from . import retention
        from .selectors import data_about

        data_collectors.add("surveys", data_about)
        retention.register()
