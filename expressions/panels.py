"""What this room adds to a project's page: what its organisation wrote when it applied."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.panels import Panel, panels

from .models import CarriedOver


def _carried(project: Project) -> CarriedOver | None:
    found = CarriedOver.objects.filter(project=project)
    return found.select_related("expression__call", "expression__organisation", "by").first()


def applies_to(project: Project, user: Any) -> bool:
    """Whether it came from a call, and ``user`` may read that expression. One query or two."""
    row = _carried(project)
    return row is not None and user.has_perm("expressions.read_answers", row.expression)


def context(project: Project, user: Any, now: datetime) -> dict[str, Any]:
    """The answers as they were carried over."""
    return {"carried": _carried(project)}


def register() -> None:
    """Offer the panel to the projects' page."""
    panels.add(
        "expressions.carried_over",
        Panel(
            name=_("What they wrote when they applied"),
            applies_to=applies_to,
            template="expressions/deciding/panel.html",
            context=context,
        ),
    )
