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


# The states in which the answers of a sealed call are not read.
UNDER_SEAL = frozenset({CallState.DRAFT, CallState.OPEN})


class QuestionKind(TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Any of several")
    NUMBER = "number", _("Number")
    YES_NO = "yes_no", _("Yes or no")
    FILE = "file", _("File")


class Fills(TextChoices):
    """What an answer says about the whole expression, so that lists can filter by it."""

    TOPIC = "topic", _("Topic")
    DELIVERY_MODEL = "model", _("Delivery model")
    FIRST_TIMER = "first_timer", _("New to this kind of project")
    STRUGGLING = "struggling", _("A service that is struggling")


class ExpressionState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Arrived")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ASSESSED = "assessed", _("Assessed")
    LONGLISTED = "longlisted", _("On the long list")
    OFFERED = "offered", _("Offered a place")
    RESERVE = "reserve", _("In reserve")
    DECLINED = "declined", _("Declined")
    ACCEPTED = "accepted", _("Offer accepted")
    TURNED_DOWN = "turned_down", _("Offer turned down")
    PROJECT = "project", _("Became a project")


class LetterKind(TextChoices):
    """What a letter about a decision says; the values are those of ``ExpressionState``."""

    OFFERED = "offered", _("Offer of a place")
    RESERVE = "reserve", _("In reserve")
    DECLINED = "declined", _("Declined")
    INELIGIBLE = "ineligible", _("Not eligible")


# The states in which the organisation's own people may change the answers while the call is open.
# A check that comes before the closing takes nothing from them: what they change is checked again.
CHECKED_STATES = frozenset({ExpressionState.ELIGIBLE, ExpressionState.INELIGIBLE})
EDITABLE_STATES = CHECKED_STATES | {ExpressionState.DRAFT, ExpressionState.SUBMITTED}


class Source(TextChoices):
    """How an expression reached us: all but the first are entered by staff for an organisation."""

    ONLINE = "online", _("Written in the portal")
    PAPER = "paper", _("On paper")
    TELEPHONE = "telephone", _("By telephone")
    VIDEO = "video", _("As a video")
    EASY_READ = "easy_read", _("On an Easy Read form")


class MixDimension(TextChoices):
    """What the mix of places is counted by.

    The values counted: those of Nation, OrganisationKind and DeliveryModel, the slug of a topic,
    and "yes" for the last two.
    """

    NATION = "nation", _("Nation")
    KIND = "kind", _("Kind of organisation")
    TOPIC = "topic", _("Topic")
    MODEL = "model", _("Delivery model")
    FIRST_TIMER = "first_timer", _("New to this kind of project")
    STRUGGLING = "struggling", _("A service that is struggling")


class AssessmentState(TextChoices):
    ASSIGNED = "assigned", _("To be scored")
    DONE = "done", _("Scored")
    STOOD_DOWN = "stood_down", _("Stood down")


class ConflictState(TextChoices):
    """A suggested or declared conflict hides the expression from the person everywhere."""

    SUGGESTED = "suggested", _("Perhaps a conflict")
    DECLARED = "declared", _("Conflict declared")
    CLEARED = "cleared", _("No conflict")


HIDING = frozenset({ConflictState.SUGGESTED, ConflictState.DECLARED})


class PlanState(TextChoices):
    IDEA = "idea", _("An idea")
    PROPOSAL = "proposal", _("The proposal")


class PlanScores(TextChoices):
    ADJUSTED = "adjusted", _("Adjusted for how strict the assessors are")
    RAW = "raw", _("As the assessors gave them")
