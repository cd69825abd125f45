"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpressionsConfig(AppConfig):
    name = "expressions"
    verbose_name = _("Expressions of interest")

    def ready(self) -> None:
        from accounts.sections import data_collectors, grant_followers
        from partners.history import history_providers
        from partners.merging import refusal_words
        from projects.thread import thread_providers

        from . import applied, copies, notifications, panels, record, reminders, retention
        from .selectors import expressions_data
        from .services.conflicts import follow_contact
        from .thread import thread_of

        notifications.register()
        reminders.register()
        copies.register()
        record.register()
        panels.register()
        data_collectors.add("expressions", expressions_data)
        grant_followers.add("expressions", follow_contact)
        history_providers.add("expressions", applied.APPLIED)
        refusal_words.add("expressions.Expression", applied.TWICE_IN_A_CALL)
        thread_providers.add("expressions", thread_of)
        retention.register()
