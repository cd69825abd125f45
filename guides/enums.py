"""Choices about guides, their use, and resources."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GuideState(TextChoices):
    QUESTION = "question", _("Question")
    SCOPING = "scoping", _("Scoping")
    DRAFTING = "drafting", _("Drafting")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    REVIEW_DUE = "review_due", _("Due for review")


class UserRole(TextChoices):
    """Who somebody is who used a guide, in their own view."""

    LIVED_EXPERIENCE = "lived_experience", _("I draw on care and support")
    CARER = "carer", _("I am a carer")
    FRONT_LINE = "front_line", _("I work in front-line care or support")
    SOCIAL_WORKER = "social_worker", _("I am a social worker or another professional")
    PROVIDER = "provider", _("I run or manage care or support")
    DECISION_MAKER = "decision_maker", _("I plan or pay for care or support")
    RESEARCHER = "researcher", _("I do research")
    OTHER = "other", _("Something else")


class Helped(TextChoices):
    YES = "yes", _("Yes, it changed something")
    PARTLY = "partly", _("It helped a little")
    NOT_YET = "not_yet", _("Not yet")
    NO = "no", _("No")


class ResourceKind(TextChoices):
    GUIDE = "guide", _("Guide")
    TOOL = "tool", _("Tool")
    CASE_STUDY = "case_study", _("Case study")
    FRAMEWORK = "framework", _("Framework")
    DATA = "data", _("Data")
    INFOGRAPHIC = "infographic", _("Infographic")
    REPORT = "report", _("Report")
    SURVEY = "survey", _("Survey")


class ResourceStatus(TextChoices):
    AVAILABLE = "available", _("Available")
    IN_PROGRESS = "in_progress", _("Being worked on")
    TRIAL = "trial", _("Being tried out")
    WITHDRAWN = "withdrawn", _("Withdrawn")
