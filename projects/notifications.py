"""The kinds of message of this room."""

from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind

STATUS_CHANGED = Kind(
    name="projects.status_changed",
    title=_("The status of a project that you lead has changed"),
    promise=Promise.AT_LEAST_ONCE,
)
LEAD_GIVEN = Kind(
    name="projects.lead_given",
    title=_("You have been made the lead of a project"),
    promise=Promise.AT_MOST_ONCE,
)
MILESTONE_LATE = Kind(
    name="projects.milestone_late",
    title=_("A milestone of a project that you lead is late"),
    promise=Promise.AT_MOST_ONCE,
)
GAP_ASKED = Kind(
    name="projects.gap_asked",
    title=_("We ask your organisation for evidence about a topic"),
    promise=Promise.AT_LEAST_ONCE,
    secret=True,
)
GAP_REPLIED = Kind(
    name="projects.gap_replied",
    title=_("An organisation has replied to our question about evidence"),
    promise=Promise.AT_MOST_ONCE,
)
GAP_UNANSWERED = Kind(
    name="projects.gap_unanswered",
    title=_("A question about evidence waits for a reply from your organisation"),
    promise=Promise.AT_MOST_ONCE,
    secret=True,
)
