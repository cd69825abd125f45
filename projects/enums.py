"""Choices about topics and projects."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeliveryModel(TextChoices):
    NETWORK = "network", _("Network")
    DEMONSTRATOR = "demonstrator", _("Demonstrator")
    FACILITATOR = "facilitator", _("Facilitator")
    GUIDE = "guide", _("Ask IMPACT guide")


class ProjectState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SETTING_UP = "setting_up", _("Setting up")
    LIVE = "live", _("Live")
    COMPLETING = "completing", _("Completing")
    CLOSED = "closed", _("Closed")
    STOPPED = "stopped", _("Stopped")


class TopicState(TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    UNDER_ASSESSMENT = "under_assessment", _("Under assessment")
    IN_PROGRAMME = "in_programme", _("In the programme")
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", _("Not enough evidence")
    DECLINED = "declined", _("Declined")


class Rag(TextChoices):
    """How a project is going, in the words that funders use."""

    GREEN = "green", _("On track")
    AMBER = "amber", _("Needs watching")
    RED = "red", _("Off track")


class ChangeStage(TextChoices):
    """The seven stages of the Change Model, in order."""

    AGREEING = "agreeing", _("Agreeing on the issues")
    MOBILISING = "mobilising", _("Mobilising the evidence")
    ENGAGING = "engaging", _("Engaging with people")
    ACTING = "acting", _("Taking informed action")
    COPRODUCING = "coproducing", _("Making co-production central")
    TRYING = "trying", _("Trying out in practice")
    SUSTAINING = "sustaining", _("Sustaining for the long term")


class Audience(TextChoices):
    """Who may read an update once it is published."""

    INTERNAL = "internal", _("The IMPACT team")
    PUBLIC = "public", _("Everybody")


class UpdateState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class LearningKind(TextChoices):
    HELPED = "helped", _("What helped")
    HINDERED = "hindered", _("What got in the way")


class RiskState(TextChoices):
    OPEN = "open", pgettext_lazy("a risk", "Open")
    CLOSED = "closed", pgettext_lazy("a risk", "Closed")


class TheoryKind(TextChoices):
    """What a part of a theory of change is, in the order of the chain."""

    ENABLER = "enabler", _("What makes it possible")
    ACTIVITY = "activity", _("What we do")
    ASSUMPTION = "assumption", _("What we take for granted")
    OUTCOME = "outcome", _("What changes")
    GOAL = "goal", _("Long-term goal")


class ContributionKind(TextChoices):
    EVENT = "event", _("Panel or event")
    CAMPAIGN = "campaign", _("Campaign")
    ROUND_TABLE = "round_table", _("Round table")
    PROGRAMME = "programme", _("Partner’s programme")
    OTHER = "other", _("Something else")


# The scale of a risk's likelihood and impact.
RISK_LEVELS = range(1, 6)

# Work goes on; the other states are before it or after it.
UNDER_WAY_STATES = (ProjectState.SETTING_UP, ProjectState.LIVE, ProjectState.COMPLETING)

# Neither closed nor stopped: only then can a milestone be late.
OPEN_STATES = (
    ProjectState.PROPOSED,
    ProjectState.SETTING_UP,
    ProjectState.LIVE,
    ProjectState.COMPLETING,
)


class Criterion(TextChoices):
    """The four criteria that a topic is held against, in the centre's own order."""

    DIFFERENCE = "difference", _("Makes a real difference")
    INEQUALITIES = "inequalities", _("Tackles inequalities")
    RESOURCES = "resources", _("Makes good use of scarce resources")
    EVIDENCE = "evidence", _("Enough evidence to work with")


class Score(IntegerChoices):
    """How far a topic meets a criterion."""

    NOT = 0, _("Not at all")
    LITTLE = 1, _("A little")
    PARTLY = 2, _("In part")
    MOSTLY = 3, _("Mostly")
    FULLY = 4, _("Fully")


class OriginKind(TextChoices):
    """What raised a topic."""

    SURVEY = "survey", _("A survey")
    ASSEMBLY = "assembly", _("An assembly")
    STAFF = "staff", _("The IMPACT team")
    PARTNER = "partner", _("A partner")


class EvidenceKind(TextChoices):
    """The three kinds of evidence, of equal standing."""

    RESEARCH = "research", _("Research")
    LIVED = "lived", _("Lived experience")
    PRACTICE = "practice", _("Practice knowledge")


class GapState(TextChoices):
    OPEN = "open", pgettext_lazy("an evidence gap", "Open")
    CLOSED = "closed", pgettext_lazy("an evidence gap", "Closed")


class GapOutcome(TextChoices):
    FILLED = "filled", _("Filled")
    PARTLY = "partly", _("Partly filled")
    NOT_FILLED = "not_filled", _("Not filled")
