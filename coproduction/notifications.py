"""The room's messages."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind

PROPOSAL_OPENED = Kind(
    name="coproduction.proposal_opened",
    title=_("A member suggests a change to the charter"),
    promise=Promise.AT_LEAST_ONCE,
)
PROPOSAL_DECIDED = Kind(
    name="coproduction.proposal_decided",
    title=_("What became of a suggestion for the charter"),
    promise=Promise.AT_LEAST_ONCE,
)
