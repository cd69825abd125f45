"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImpactPortalConfig(AppConfig):
    name = "impact_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from notifications.registry import register_kind
        from reports.registry import register_report, run_listeners

        from . import invitations, report_messages, reports

        register_report(reports.PROGRAMME_OVERVIEW)
        register_kind(report_messages.RUN_READY)
        register_kind(report_messages.RUN_FAILED)
        run_listeners.add("messages", report_messages.tell_requester)
        register_kind(invitations.INVITATION)
