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


class Scheme(TextChoices):
    """Lists that give organisations a number, with the codes of org-id.guide."""

    CHARITY_ENGLAND_WALES = "GB-CHC", _("Charity number, England and Wales")
    CHARITY_SCOTLAND = "GB-SC", _("Charity number, Scotland")
    CHARITY_NORTHERN_IRELAND = "GB-NIC", _("Charity number, Northern Ireland")
    COMPANY = "GB-COH", _("Company number")
    NHS = "GB-NHS", _("NHS organisation code (ODS)")
    COUNCIL_ENGLAND = "GB-LAE", _("Council code, England")
    COUNCIL_SCOTLAND = "GB-LAS", _("Council code, Scotland")
    COUNCIL_WALES = "GB-PLA", _("Council code, Wales")
    LEARNING_PROVIDER = "GB-UKPRN", _("Number as a learning provider (UKPRN)")


class Channel(TextChoices):
    """How we got in touch."""

    EMAIL = "email", _("E-mail")
    TELEPHONE = "telephone", _("Telephone")
    MET = "met", _("We met")
    EVENT = "event", _("At an event")
    POST = "post", _("Post")


class OutreachResult(TextChoices):
    """What came of getting in touch."""

    NO_ANSWER = "no_answer", _("No answer yet")
    INTERESTED = "interested", _("Interested")
    NOT_NOW = "not_now", _("Not now")
    NO_CONTACT = "no_contact", _("Asked not to be contacted")


class ImportState(TextChoices):
    """Where a file of organisations stands."""

    CHECKED = "checked", _("Checked, nothing saved yet")
    CONFIRMED = "confirmed", _("Being saved")
    DONE = "done", _("Saved")
    CANCELLED = "cancelled", _("Put away")


class Verdict(TextChoices):
    """What the check says of one row of a file."""

    NEW = "new", _("New")
    MATCH = "match", _("We know it already")
    REPEAT = "repeat", _("Twice in the file")
    FAULTY = "faulty", _("Needs mending")
