"""What this room adds to a project's page."""

from django.utils.translation import gettext_lazy as _

from projects.panels import Panel, panels

from .selectors import has_panel, project_panel


def register() -> None:
    """Offer the panel to the projects' page."""
    panels.add(
        "demonstrators.reach",
        Panel(
            name=_("How far it reaches"),
            applies_to=has_panel,
            template="demonstrators/partials/panel.html",
            context=project_panel,
        ),
    )
