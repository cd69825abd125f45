"""Choices about people and their roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleKind(TextChoices):
    PROGRAMME_STAFF = "programme_staff", _("Programme staff")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    ENGAGEMENT_LEAD = "engagement_lead", _("Lived experience engagement lead")
    NETWORKS_LEAD = "networks_lead", _("Networks lead")
    NETWORKS_MANAGER = "networks_manager", _("Networks manager")
    ASSESSOR = "assessor", _("Assessor")
    PARTNER_CONTACT = "partner_contact", _("Partner contact")
    NETWORK_COORDINATOR = "network_coordinator", _("Network coordinator")
    NETWORK_MEMBER = "network_member", _("Network member")
    IMPROVEMENT_COACH = "improvement_coach", _("Improvement coach")
    FACILITATOR = "facilitator", _("Facilitator")
    ADVISORY_MEMBER = "advisory_member", _("Advisory group member")
    ASSEMBLY_MEMBER = "assembly_member", _("Assembly member")
    LEADERSHIP = "leadership", _("Leadership team")


STAFF_KINDS = frozenset(
    {
        RoleKind.PROGRAMME_STAFF,
        RoleKind.PROGRAMME_MANAGER,
        RoleKind.ENGAGEMENT_LEAD,
        RoleKind.NETWORKS_LEAD,
        RoleKind.NETWORKS_MANAGER,
    }
)

# A role of these kinds says nothing without the project, group, call or organisation it is in.
SCOPED_KINDS = frozenset(
    {
        RoleKind.ASSESSOR,
        RoleKind.PARTNER_CONTACT,
        RoleKind.NETWORK_COORDINATOR,
        RoleKind.NETWORK_MEMBER,
        RoleKind.IMPROVEMENT_COACH,
        RoleKind.FACILITATOR,
        RoleKind.ADVISORY_MEMBER,
        RoleKind.ASSEMBLY_MEMBER,
    }
)


class Format(TextChoices):
    """The forms in which a person can ask for documents."""

    STANDARD = "standard", _("Standard print")
    LARGE_PRINT = "large_print", _("Large print")
    EASY_READ = "easy_read", _("Easy Read")
    WELSH = "welsh", _("Welsh")
    BSL = "bsl", _("British Sign Language video")
    AUDIO = "audio", _("Audio")


class PaymentChoice(TextChoices):
    PAID = "paid", _("Pay me for my time")
    EXPENSES_ONLY = "expenses_only", _("Pay my expenses only")
    DECLINED = "declined", _("I do not want to be paid")
