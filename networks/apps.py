"""Registers the room with Django, and with the rooms below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = _("Networks")

    def ready(self) -> None:
        from meetings.enums import GroupKind
        from meetings.registry import group_homes, review_pages
        from projects.panels import panels as project_panels

        from . import panels, selectors

        group_homes.add(GroupKind.LOCAL_NETWORK, selectors.home_of_local_network)
        review_pages.add(GroupKind.LOCAL_NETWORK, selectors.review_page)
        project_panels.add("networks.local_networks", panels.PANEL)
