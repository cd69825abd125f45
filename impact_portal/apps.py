"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImpactPortalConfig(AppConfig):
    name = "impact_portal"
    verbose_name = _("Portal")
