"""Choices about groups and their meetings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GroupKind(TextChoices):
    LOCAL_NETWORK = "local_network", _("Local network")
    COORDINATORS = "coordinators", _("Network coordinators")
    ASSEMBLY = "assembly", _("Assembly")
    ADVISORY = "advisory", _("Co-production Advisory Group")


class Perspective(TextChoices):
    """The five groups of people from whom a local network is drawn."""

    LIVED_EXPERIENCE = "lived_experience", _("People with experience of care and support")
    CARER = "carer", _("Carers")
    FRONT_LINE = "front_line", _("Front-line staff")
    DECISION_MAKER = "decision_maker", _("Funders and decision-makers")
    PROVIDER = "provider", _("Providers")


class MeetingState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Presence(TextChoices):
    """What became of one member's place at a meeting."""

    CAME = "came", _("Came")
    APOLOGIES = "apologies", _("Sent apologies")
    ABSENT = "absent", _("Did not come")


class LogState(TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Sent to the networks team")
    RETURNED = "returned", _("Returned with a question")
    ACCEPTED = "accepted", _("Accepted")


class Speech(TextChoices):
    """Who speaks in the talk about a log."""

    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Answer")


class ActionState(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    CHANGED = "changed", _("Changed")
    DROPPED = "dropped", _("Dropped")
