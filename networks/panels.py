"""The panel that this room adds to the page of a project that is a network."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.panels import Panel

from .models import LocalNetwork
from .selectors import rows_of

TEMPLATE = "networks/partials/project_panel.html"


def is_network(project: Any, user: Any) -> bool:
    """Whether ``project`` has local networks to show."""
    return hasattr(project, "network")


def panel_context(project: Any, user: Any, now: datetime) -> dict[str, Any]:
    """The context of ``TEMPLATE``: the local networks side by side, and the way on to them."""
    return {
        "network": project.network,
        "rows": rows_of(LocalNetwork.objects.filter(network=project.network), now),
        "may_open": user.has_perm("networks.view_network"),
    }


PANEL = Panel(
    name=_("Local networks"),
    applies_to=is_network,
    template=TEMPLATE,
    context=panel_context,
)
