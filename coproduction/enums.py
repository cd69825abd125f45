"""Choices about the charter and how the group changes it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClauseKind(TextChoices):
    """The three kinds of clause, in the order in which the charter shows them."""

    KNOWN = "known", _("What we know")
    UNKNOWN = "unknown", _("What we do not know yet")
    SUGGESTION = "suggestion", _("Suggestions to get us started")


class ProposalKind(TextChoices):
    CHANGE = "change", _("Change a clause")
    ADD = "add", _("Add a clause")
    MOVE = "move", _("Move a clause")
    REMOVE = "remove", _("Take a clause out")


class ProposalState(TextChoices):
    OPEN = "open", _("Open")
    ADOPTED = "adopted", _("Adopted")
    ADOPTED_CHANGED = "adopted_changed", _("Adopted with changes")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SET_ASIDE = "set_aside", _("Set aside")


class Stance(TextChoices):
    """What a member thinks of a proposal."""

    AGREE = "agree", _("I agree")
    LIVE_WITH = "live_with", _("I can live with it")
    TALK = "talk", _("I want to talk about it")
    CANNOT = "cannot", _("I cannot agree")


class ClosingRule(TextChoices):
    """When a proposal may be adopted, once enough members have taken a position."""

    CONSENT = "consent", _("Consent: nobody says that they cannot agree")
    CONSENSUS = "consensus", _("Consensus: everybody agrees or can live with it")
    MAJORITY = "majority", _("Majority: more than half agree or can live with it")


class Outcome(TextChoices):
    """What became of one saving of a draft."""

    SAVED = "saved", _("Saved")
    BESIDE = "beside", _("Kept beside: somebody else had saved first")
    SETTLED = "settled", _("Kept beside, then chosen or joined")
