"""How the pages show a project's status, how it is going, and where it works."""

from functools import cache

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.labels import labels
from core.templatetags.ui import tag
from projects.enums import TopicState
from projects.marks import going, status
from projects.models import Project, Risk
from projects.selectors import nations_in_words

register = template.Library()

register.filter(status)
register.filter(going)

TOPIC_COLOURS = {
    TopicState.SUGGESTED: "neutral",
    TopicState.UNDER_ASSESSMENT: "info",
    TopicState.IN_PROGRAMME: "good",
    TopicState.NOT_ENOUGH_EVIDENCE: "warning",
    TopicState.DECLINED: "bad",
}


@register.simple_tag
def status_tag(project: Project) -> SafeString:
    """The status of a project in a word."""
    return status(project.state)


@register.simple_tag
def rag_tag(project: Project) -> SafeString | str:
    """How a project is going; nothing is said of one that is over."""
    return going(project.rag, project.state)


@register.simple_tag
def risk_tag(risk: Risk) -> SafeString:
    """How grave a risk is, in words and figures."""
    colour = "bad" if risk.level >= 15 else "warning" if risk.level >= 8 else "neutral"
    words = _("Likely %(likelihood)s, bad %(impact)s of 5") % {
        "likelihood": risk.likelihood,
        "impact": risk.impact,
    }
    return tag(words, colour)


@register.filter
def topic_state(state: str) -> SafeString:
    """The state of a topic in a word: ``{{ topic.state|topic_state }}``."""
    return _topic_states(get_language())[state]


@register.simple_tag
def nations(project: Project) -> str:
    """The nations of a project in a few words."""
    return nations_in_words(project.nations)


@cache
def _topic_states(language: str | None) -> dict[str, SafeString]:
    words = labels(TopicState)
    return {state.value: tag(words[state], colour) for state, colour in TOPIC_COLOURS.items()}
