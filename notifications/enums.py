"""Choices about messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """Where a message stands. ``UNCERTAIN``: a crash left open whether a reminder was sent."""

    QUEUED = "queued", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    UNCERTAIN = "uncertain", _("May have been sent")
    DROPPED = "dropped", _("No longer needed")


class Promise(TextChoices):
    """What is promised of a kind of message when something crashes while it is being sent."""

    AT_LEAST_ONCE = "at_least_once", _("Arrives for certain, perhaps twice")
    AT_MOST_ONCE = "at_most_once", _("Never arrives twice")


class Rhythm(TextChoices):
    """How often a person wants their reminders."""

    AT_ONCE = "at_once", _("As they come up")
    DAILY = "daily", _("Together, once a day")
    WEEKLY = "weekly", _("Together, once a week on Monday")
