"""Choices about partner organisations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    COUNCIL = "council", _("Council or trust with social care duties")
    PROVIDER = "provider", _("Care or support provider")
    USER_LED = "user_led", _("Led by people who draw on care and support")
    CARER_LED = "carer_led", _("Led by carers")
    COMMUNITY = "community", _("Community organisation")
    CHARITY = "charity", _("Charity")
    HEALTH = "health", _("Health service")
    UNIVERSITY = "university", _("University or research centre")
    NATIONAL_BODY = "national_body", _("National body or association")
    FUNDER = "funder", _("Funder")
    OTHER = "other", _("Another kind")


class OrganisationSize(TextChoices):
    """By people who work there, paid or as volunteers."""

    TINY = "tiny", _("1 to 4 people")
    SMALL = "small", _("5 to 19 people")
    MEDIUM = "medium", _("20 to 99 people")
    LARGE = "large", _("100 people or more")


class JoinState(TextChoices):
    """Where somebody's wish to speak for an organisation stands."""

    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
