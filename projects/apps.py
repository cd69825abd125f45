"""Registers the room with Django, and what it offers with the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        from accounts.sections import data_collectors
        from notifications.registry import register_kind, register_reminder
        from partners.history import history_providers

        from .hosts import HOSTED
        from .notifications import STATUS_CHANGED
        from .reminders import MILESTONE_LATE_RULE
        from .selectors import data_about

        register_kind(STATUS_CHANGED)
        register_reminder(MILESTONE_LATE_RULE)
        data_collectors.add("projects", data_about)
        history_providers.add("projects", HOSTED)
