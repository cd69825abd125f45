"""Choices about calls and expressions of interest."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallState(TextChoices):
    DRAFT = "draft", _("Being written")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ASSESSING = "assessing", _("Being read")
    DECIDING = "deciding", _("Being decided")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")


class QuestionKind(TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Any of several")
    NUMBER = "number", _("Number")
    YES_NO = "yes_no", _("Yes or no")


class Fills(TextChoices):
    """What an answer says about the whole expression, so that lists can filter by it."""

    TOPIC = "topic", _("Topic")
    DELIVERY_MODEL = "model", _("Delivery model")


class ExpressionState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Arrived")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The states in which the organisation's own people may change the answers while the call is open.
EDITABLE_STATES = frozenset({ExpressionState.DRAFT, ExpressionState.SUBMITTED})


class Source(TextChoices):
    ONLINE = "online", _("Written in the portal")
    ASSISTED = "assisted", _("Entered by staff")
