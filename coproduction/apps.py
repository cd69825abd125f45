"""Registers the room with Django, its messages with the outbox, its data with people's copies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoproductionConfig(AppConfig):
    name = "coproduction"
    verbose_name = _("Co-production")

    def ready(self) -> None:
        from accounts.sections import data_collectors
        from notifications.registry import register_kind, register_reminder

        from . import retention
        from .notifications import PROPOSAL_DECIDED, PROPOSAL_OPENED
        from .reminders import AWAITING_POSITION
        from .selectors import person_data

        register_kind(PROPOSAL_OPENED)
        register_kind(PROPOSAL_DECIDED)
        register_reminder(AWAITING_POSITION)
        data_collectors.add("coproduction", person_data)
        retention.register()
