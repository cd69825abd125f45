"""Choices about sites and coaches' posts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SiteState(TextChoices):
    """How far a site has come, in the order in which the portal always shows it."""

    NOT_APPROACHED = "not_approached", _("Not approached")
    APPROACHED = "approached", _("Approached")
    ENGAGED = "engaged", _("Engaged")
    IMPLEMENTING = "implementing", _("Implementing")
    EMBEDDED = "embedded", _("Embedded")
    PAUSED = "paused", _("Paused")
    DECLINED = "declined", _("Declined")


# A site takes part when the people whom it serves can benefit today.
TAKING_PART = frozenset({SiteState.IMPLEMENTING, SiteState.EMBEDDED})

STATE_HINTS = {
    SiteState.APPROACHED: _("We have been in touch."),
    SiteState.ENGAGED: _("They are interested and are talking with us."),
    SiteState.IMPLEMENTING: _("They have begun to work in the new way."),
    SiteState.EMBEDDED: _("It is how they work now, without our help."),
    SiteState.PAUSED: _("They have stopped for now."),
    SiteState.DECLINED: _("They have said no."),
}

STATE_COLOURS = {
    SiteState.NOT_APPROACHED: "neutral",
    SiteState.APPROACHED: "info",
    SiteState.ENGAGED: "purple",
    SiteState.IMPLEMENTING: "good",
    SiteState.EMBEDDED: "teal",
    SiteState.PAUSED: "warning",
    SiteState.DECLINED: "bad",
}


class PostState(TextChoices):
    PLANNED = "planned", _("To be advertised")
    PUBLISHED = "published", _("Vacancy published")
    FILLED = "filled", _("Filled")
