"""Registers the room with Django, and what it offers with the rooms below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        from accounts.sections import data_collectors, role_followers
        from notifications.registry import register_kind, register_reminder
        from partners.history import history_providers

        from .hosts import HOSTED
        from .notifications import GAP_ASKED, GAP_REPLIED, LEAD_GIVEN, STATUS_CHANGED
        from .people_services import follow_role
        from .reminders import MILESTONE_LATE_RULE
        from .selectors import data_about
        from .topic_reminders import GAP_UNANSWERED_RULE
        from .topic_selectors import topic_data

        register_kind(STATUS_CHANGED)
        register_kind(LEAD_GIVEN)
        register_kind(GAP_ASKED)
        register_kind(GAP_REPLIED)
        register_reminder(MILESTONE_LATE_RULE)
        register_reminder(GAP_UNANSWERED_RULE)
        data_collectors.add("projects", data_about)
        role_followers.add("projects", follow_role)
        history_providers.add("projects", HOSTED)
        data_collectors.add("topics", topic_data)
