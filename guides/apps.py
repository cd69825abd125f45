"""Registers the room with Django, and what it offers to the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "guides"
    verbose_name = _("Guides and evidence")

    def ready(self) -> None:
        from accounts.sections import data_collectors

        from .selectors import data_about

        data_collectors.add("guides", data_about)
