"""How the pages show a project's status, how it is going, and where it works."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.enums import Nation
from core.templatetags.ui import tag
from projects.enums import ProjectState, Rag
from projects.models import Project

register = template.Library()

STATUS_COLOURS = {
    ProjectState.PROPOSED: "neutral",
    ProjectState.SETTING_UP: "info",
    ProjectState.LIVE: "good",
    ProjectState.COMPLETING: "teal",
    ProjectState.CLOSED: "neutral",
    ProjectState.STOPPED: "bad",
}
RAG_COLOURS = {Rag.GREEN: "good", Rag.AMBER: "warning", Rag.RED: "bad"}


@register.simple_tag
def status_tag(project: Project) -> SafeString:
    """The status of a project in a word."""
    return tag(project.get_state_display(), STATUS_COLOURS[ProjectState(project.state)])


@register.simple_tag
def rag_tag(project: Project) -> SafeString | str:
    """How a project is going; nothing is said of one that is over."""
    if not project.is_open:
        return "–"
    if not project.rag:
        return _("Not said yet")
    return tag(project.get_rag_display(), RAG_COLOURS[Rag(project.rag)])


@register.simple_tag
def nations(project: Project) -> str:
    """The nations of a project in a few words."""
    labels = project.nation_labels
    return _("All four nations") if len(labels) == len(Nation) else ", ".join(labels)
