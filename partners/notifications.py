"""Messages about organisations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.enums import Promise
from notifications.registry import Kind, register_kind

JOIN_ASKED = Kind(
    "partners.join_asked", _("Somebody asks to join your organisation"), Promise.AT_LEAST_ONCE
)
JOIN_ACCEPTED = Kind(
    "partners.join_accepted", _("You can speak for an organisation"), Promise.AT_LEAST_ONCE
)
JOIN_REFUSED = Kind(
    "partners.join_refused", _("You could not join an organisation"), Promise.AT_LEAST_ONCE
)

FOLLOW_UP_DUE = Kind(
    "partners.follow_up_due", _("It is time to get in touch again"), Promise.AT_MOST_ONCE
)


def own_organisations_path() -> str:
    """Where a person sees the organisations that they speak for."""
    return reverse("partners:mine")


def register() -> None:
    """Make the kinds of this room known."""
    for kind in (JOIN_ASKED, JOIN_ACCEPTED, JOIN_REFUSED):
        register_kind(kind)
