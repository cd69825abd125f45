"""What the rooms above add to a project's page.

A room registers a ``Panel`` from its ``AppConfig.ready``::

    panels.add("demonstrators.sites", Panel(name=..., applies_to=..., template=..., context=...))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from core.registry import Registry

from .models import Project


@dataclass(frozen=True)
class Panel:
    """A part of a project's page for those who work on it.

    ``name`` is its heading (the page draws it). ``applies_to(project, user)`` asks the database
    nothing, or little: it is asked for each panel on each page. ``template`` gets what
    ``context(project, user, now)`` returns, and ``project``, ``user`` and ``request`` besides;
    its headings begin at level 3.
    """

    name: str | Promise
    applies_to: Callable[[Project, Any], bool]
    template: str
    context: Callable[[Project, Any, datetime], dict[str, Any]]


@dataclass(frozen=True)
class ShownPanel:
    """A panel as it stands on one page."""

    name: str | Promise
    anchor: str
    html: SafeString


panels: Registry[Panel] = Registry("panels of a project's page")


def panels_for(project: Project, request: HttpRequest, now: datetime) -> list[ShownPanel]:
    """The panels of ``project`` for the person who asks, in the order of their registration."""
    shown = []
    for key, panel in panels.items():
        if panel.applies_to(project, request.user):
            words = {"project": project, **panel.context(project, request.user, now)}
            html = render_to_string(panel.template, words, request=request)
            shown.append(ShownPanel(panel.name, key.replace(".", "-"), html))
    return shown
