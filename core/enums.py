"""Choices that all rooms share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AuditAction(TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")
    VIEWED = "viewed", _("Viewed")
    EXPORTED = "exported", _("Exported")


class Nation(TextChoices):
    """The four nations, in the order in which the portal always shows them."""

    ENGLAND = "england", _("England")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")
